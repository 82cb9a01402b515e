/** What an execution is given: the chain's identity, its classes, and their runnable form. */
import { loadCasm } from "../../cairo/program.ts";
import type { BuiltinName, CairoProgram } from "../../cairo/program.ts";
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import type { CasmClass } from "../class/casm.ts";
import type { SierraClass } from "../class/sierra.ts";
import { MIN_SIERRA_VERSION_FOR_GAS } from "../constants.ts";
import type { EntryPointType } from "../receipt.ts";
import type { TrackedResource } from "./call-info.ts";

export interface ExecutionEnvironment {
  readonly chainId: Felt;
  /** Contracts in whose tokens fees are paid: STRK by version 3, ETH for L1 handlers. */
  readonly feeTokens: { readonly strk: Felt; readonly eth: Felt };
  readonly classes: ClassSource;
  /** Keeps what the OS must know of calls (record.ts). */
  readonly records?: boolean;
}

/** Where executions find classes. It may know more classes than a state has declared. */
export interface ClassSource {
  runnable(classHash: Felt): RunnableClass | undefined;
}

export interface RunnableEntryPoint {
  readonly offset: number;
  readonly builtins: readonly BuiltinName[];
}

/** A class that is ready to run, loaded once. */
export interface RunnableClass {
  readonly program: CairoProgram;
  readonly entryPoints: Readonly<Record<EntryPointType, ReadonlyMap<Felt, RunnableEntryPoint>>>;
  /** By what its calls are charged: Sierra gas from Sierra version 1.7.0 on. */
  readonly trackedResource: TrackedResource;
  /** Bytes that a declaration is charged for: bytecode and Sierra as 32-byte words, and the ABI. */
  readonly codeSize: number;
}

/** Sierra version, from the first felts of a program (`0.1.0` is one short string). */
function sierraVersion(program: readonly Felt[]): readonly bigint[] {
  if (program[0] === shortString("0.1.0")) return [0n, 1n, 0n];
  return [program[0] ?? 0n, program[1] ?? 0n, program[2] ?? 0n];
}

function isAtLeast(version: readonly bigint[], minimum: readonly number[]): boolean {
  for (const [i, part] of minimum.entries()) {
    if (version[i]! !== BigInt(part)) return version[i]! > BigInt(part);
  }
  return true;
}

const FELT_BYTES = 32;

/** Makes a class runnable. Throws ProgramError for CASM that is not well formed. */
export function makeRunnableClass(
  sierra: Pick<SierraClass, "sierraProgram" | "abi">,
  casm: CasmClass,
): RunnableClass {
  const entryPoints = (type: EntryPointType): ReadonlyMap<Felt, RunnableEntryPoint> =>
    new Map(
      casm.entryPointsByType[type].map(({ selector, offset, builtins }) => [
        selector,
        { offset, builtins: builtins as readonly BuiltinName[] },
      ]),
    );
  return {
    // A class without functions has no code, and no entry point that could be run; a program needs some.
    program: loadCasm(casm.bytecode.length === 0 ? [0n] : casm.bytecode, casm.hints),
    entryPoints: {
      EXTERNAL: entryPoints("EXTERNAL"),
      L1_HANDLER: entryPoints("L1_HANDLER"),
      CONSTRUCTOR: entryPoints("CONSTRUCTOR"),
    },
    trackedResource: isAtLeast(sierraVersion(sierra.sierraProgram), MIN_SIERRA_VERSION_FOR_GAS)
      ? "SIERRA_GAS"
      : "CAIRO_STEPS",
    codeSize:
      (casm.bytecode.length + sierra.sierraProgram.length) * FELT_BYTES +
      Buffer.byteLength(sierra.abi),
  };
}

/** A ClassSource that remembers the `capacity` classes used last, and loads others again. */
export function cachedClassSource(
  load: (classHash: Felt) => RunnableClass | undefined,
  capacity = 128,
): ClassSource {
  const cache = new Map<Felt, RunnableClass>();
  return {
    runnable(classHash) {
      const found = cache.get(classHash) ?? load(classHash);
      if (found === undefined) return undefined;
      cache.delete(classHash);
      cache.set(classHash, found);
      if (cache.size > capacity) cache.delete(cache.keys().next().value!);
      return found;
    },
  };
}
