/** Programs that the machine runs: bytecode with its hints, checked once and kept in the kernel's encoding. */
import { type Felt, isFelt } from "../field/felt.ts";
import { ProgramError } from "./errors.ts";
import { compileCasmHint } from "./hints/casm/index.ts";
import type { CompiledHint } from "./hints/context.ts";

export type BuiltinName =
  | "output"
  | "pedersen"
  | "range_check"
  | "ecdsa"
  | "bitwise"
  | "ec_op"
  | "keccak"
  | "poseidon"
  | "segment_arena"
  | "range_check96"
  | "add_mod"
  | "mul_mod";

export interface CairoProgram {
  readonly bytecode: readonly Felt[];
  /** Hints by the offset of the instruction they run before. */
  readonly hints: ReadonlyMap<number, readonly CompiledHint[]>;
  /** The kernel's form of the program segment, made by the first machine that loads the program. */
  readonly encoded: { image?: Uint8Array; nativeHints?: number };
}

/** Cells a program segment can have: far more than any class, and few enough to encode at once. */
const MAX_PROGRAM_LENGTH = 1 << 20;

/**
 * Checks bytecode (felts) and hints (every offset inside the bytecode) and makes a program of them.
 * Throws ProgramError naming what is wrong.
 */
export function makeProgram(
  bytecode: readonly Felt[],
  hints: ReadonlyMap<number, readonly CompiledHint[]>,
): CairoProgram {
  if (bytecode.length === 0 || bytecode.length > MAX_PROGRAM_LENGTH)
    throw new ProgramError(
      `the bytecode has ${bytecode.length} felts; 1 to ${MAX_PROGRAM_LENGTH} are possible`,
    );
  bytecode.forEach((value, pc) => {
    if (typeof value !== "bigint" || !isFelt(value))
      throw new ProgramError(`bytecode[${pc}] is not a felt: ${String(value)}`);
  });
  for (const pc of hints.keys())
    if (!Number.isInteger(pc) || pc < 0 || pc >= bytecode.length)
      throw new ProgramError(
        `hints for pc ${pc}, outside the bytecode of ${bytecode.length} felts`,
      );
  return { bytecode, hints, encoded: {} };
}

/**
 * Loads a compiled Sierra class: `bytecode` as felts, `hints` as in CASM JSON, `[[pc, [hint, …]], …]`.
 * Throws ProgramError naming what is broken: a pc out of range or twice, an unknown hint, a bad operand.
 */
export function loadCasm(
  bytecode: readonly Felt[],
  hints: readonly (readonly [number, readonly unknown[]])[],
): CairoProgram {
  const compiled = new Map<number, readonly CompiledHint[]>();
  for (const entry of hints) {
    if (!Array.isArray(entry) || entry.length !== 2 || !Array.isArray(entry[1]))
      throw new ProgramError("hints: expected entries [pc, [hint, …]]");
    const [pc, list] = entry as readonly [number, readonly unknown[]];
    if (compiled.has(pc)) throw new ProgramError(`hints: pc ${pc} comes twice`);
    compiled.set(
      pc,
      list.map((hint) => compileCasmHint(hint)),
    );
  }
  return makeProgram(bytecode, compiled);
}
