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
  readonly #visited = new Set<number>();
  readonly #hashed: () => readonly CodeSegment[];
  #segments: readonly CodeSegment[] | undefined;
  #hints: ReadonlyMap<number, readonly CompiledHint[]> | undefined;

  /** @param hashed the bytecode's segments; none where it is one */
  constructor(
    casm: CasmClass,
    classHash: Felt,
    compiledClassHash: Felt,
    hashed: () => readonly CodeSegment[],
  ) {
    this.casm = casm;
    this.classHash = classHash;
    this.compiledClassHash = compiledClassHash;
    this.#hashed = hashed;
  }

  /** Hashed when they are asked for first: whoever only executes blocks does not need them, and they take long. */
  get segments(): readonly CodeSegment[] {
    return (this.#segments ??= this.#hashed());
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

function hashSegments(bytecode: readonly Felt[], lengths: readonly number[]): CodeSegment[] {
  let end = 0;
  return lengths.map((length) => {
    const offset = end;
    end += length;
    return { offset, length, hash: poseidonMany(bytecode.slice(offset, end)) };
  });
}

/** Throws Unprovable for bytecode whose segments nest. */
export function osClass(
  number: number,
  casm: CasmClass,
  compiledClassHash: Felt,
  classHash: Felt,
): OsClass {
  const lengths = casm.bytecodeSegmentLengths;
  const flat = typeof lengths === "number" ? [] : lengths;
  if (!flat.every((length) => typeof length === "number"))
    throw new Unprovable(number, `class ${toHex(classHash)} has nested bytecode segments`);
  return new OsClass(casm, classHash, compiledClassHash, () => hashSegments(casm.bytecode, flat));
}
