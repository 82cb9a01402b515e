/** Compiled classes as the OS has them: in its memory, with the functions that ran. */
import type { CompiledHint } from "../cairo/hints/context.ts";
import { loadCasm } from "../cairo/program.ts";
import type { Felt } from "../field/felt.ts";
import { shortString } from "../field/short-string.ts";
import { poseidonMany } from "../hash/poseidon.ts";
import type { CasmClass, CasmEntryPoint } from "../starknet/class/casm.ts";
import { SELECTORS } from "../starknet/constants.ts";
import type { ExecutedCall } from "../starknet/execution/call-info.ts";
import { toHex } from "../util/hex.ts";
import { Unprovable } from "./unprovable.ts";

/** Builtins that classes may use, in the order of the arguments of entry points. */
export const CLASS_BUILTINS = [
  "pedersen",
  "range_check",
  "bitwise",
  "ec_op",
  "poseidon",
  "segment_arena",
] as const;

/** A function's code in the bytecode. */
export interface CodeSegment {
  readonly offset: number;
  readonly length: number;
  readonly hash: Felt;
}

/** Hash of an entry point's builtins, as the class's hash has it. */
export const builtinsHash = (builtins: readonly string[]): Felt =>
  poseidonMany(builtins.map(shortString));

export class OsClass {
  readonly casm: CasmClass;
  readonly classHash: Felt;
  readonly compiledClassHash: Felt;
  /** Empty where the bytecode is one segment. */
  readonly segments: readonly CodeSegment[];
  readonly #visited = new Set<number>();
  #hints: ReadonlyMap<number, readonly CompiledHint[]> | undefined;

  constructor(
    casm: CasmClass,
    classHash: Felt,
    compiledClassHash: Felt,
    segments: readonly CodeSegment[],
  ) {
    this.casm = casm;
    this.classHash = classHash;
    this.compiledClassHash = compiledClassHash;
    this.segments = segments;
  }

  get hints(): ReadonlyMap<number, readonly CompiledHint[]> {
    const { bytecode, hints } = this.casm;
    return (this.#hints ??= loadCasm(bytecode.length === 0 ? [0n] : bytecode, hints).hints);
  }

  /** Offsets of code that ran. */
  get visited(): readonly number[] {
    return [...this.#visited];
  }

  /** Notes code that ran. */
  visit(pcs: readonly number[]): void {
    for (const pc of pcs) this.#visited.add(pc);
  }

  /** Whether code of a segment ran. */
  isUsed({ offset, length }: CodeSegment): boolean {
    if (length === 0) return true;
    for (let pc = offset; pc < offset + length; pc++) if (this.#visited.has(pc)) return true;
    return false;
  }

  entryPoints(kind: keyof CasmClass["entryPointsByType"]): readonly CasmEntryPoint[] {
    return this.casm.entryPointsByType[kind];
  }
}

/** The entry point that a call runs, if there is one. */
export function calledEntryPoint(
  osClass: OsClass,
  {
    entryPointType,
    entryPointSelector,
  }: Pick<ExecutedCall, "entryPointType" | "entryPointSelector">,
): CasmEntryPoint | undefined {
  const isConstructor = entryPointType === "CONSTRUCTOR";
  const selector = isConstructor ? SELECTORS.constructor : entryPointSelector;
  return osClass.entryPoints(entryPointType).find((each) => each.selector === selector);
}

/** Throws Unprovable for bytecode whose segments nest. */
export function osClass(
  number: number,
  casm: CasmClass,
  compiledClassHash: Felt,
  classHash: Felt,
): OsClass {
  const lengths = casm.bytecodeSegmentLengths;
  if (typeof lengths === "number") return new OsClass(casm, classHash, compiledClassHash, []);
  let offset = 0;
  const segments = lengths.map((length): CodeSegment => {
    if (typeof length !== "number") {
      throw new Unprovable(number, `class ${toHex(classHash)} has nested bytecode segments`);
    }
    const start = offset;
    offset += length;
    return { offset: start, length, hash: poseidonMany(casm.bytecode.slice(start, offset)) };
  });
  return new OsClass(casm, classHash, compiledClassHash, segments);
}
