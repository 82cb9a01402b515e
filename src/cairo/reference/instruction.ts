/** Instructions as the Cairo paper writes them (§4.4, table of fields): the twin of wasm/decode.ts. */
import type { MemoryValue } from "../relocatable.ts";

export interface Instruction {
  readonly offDst: number;
  readonly offOp0: number;
  readonly offOp1: number;
  readonly dstRegister: "ap" | "fp";
  readonly op0Register: "ap" | "fp";
  readonly op1Source: "op0" | "immediate" | "fp" | "ap";
  readonly resLogic: "op1" | "add" | "mul" | "unconstrained";
  readonly pcUpdate: "regular" | "absolute" | "relative" | "jnz";
  readonly apUpdate: "regular" | "add" | "add1" | "add2";
  readonly opcode: "none" | "call" | "ret" | "assert_eq";
  readonly size: 1 | 2;
}

const field = (word: bigint, at: number, width: number): number =>
  Number((word >> BigInt(at)) & ((1n << BigInt(width)) - 1n));

/** One of the names by a field of which at most one bit may be set; undefined for more. */
const oneHot = <T>(bits: number, names: readonly T[]): T | undefined =>
  bits === 0 ? names[0] : (bits & (bits - 1)) === 0 ? names[Math.log2(bits) + 1] : undefined;

/** Decodes a value; undefined when it is no instruction. */
export function decodeInstruction(word: MemoryValue): Instruction | undefined {
  if (typeof word !== "bigint" || word >= 1n << 63n) return undefined;
  const offset = (at: number): number => field(word, at, 16) - 0x8000;
  const [offDst, offOp0, offOp1] = [offset(0), offset(16), offset(32)];
  const op1Source = oneHot(field(word, 50, 3), ["op0", "immediate", "fp", "ap"] as const);
  const res = oneHot(field(word, 53, 2), ["op1", "add", "mul"] as const);
  const pcUpdate = oneHot(field(word, 55, 3), ["regular", "absolute", "relative", "jnz"] as const);
  const ap = oneHot(field(word, 58, 2), ["regular", "add", "add1"] as const);
  const opcode = oneHot(field(word, 60, 3), ["none", "call", "ret", "assert_eq"] as const);
  if (!op1Source || !res || !pcUpdate || !ap || !opcode) return undefined;
  const dstRegister = field(word, 48, 1) === 1 ? "fp" : "ap";
  const op0Register = field(word, 49, 1) === 1 ? "fp" : "ap";
  if (pcUpdate === "jnz" && res !== "op1") return undefined;
  if (op1Source === "immediate" && offOp1 !== 1) return undefined;
  if (opcode === "call") {
    const shape = ap === "regular" && offDst === 0 && offOp0 === 1;
    if (!shape || dstRegister !== "ap" || op0Register !== "ap") return undefined;
  }
  if (opcode === "ret") {
    const shape = offDst === -2 && offOp1 === -1 && dstRegister === "fp" && op1Source === "fp";
    if (!shape || res !== "op1" || pcUpdate !== "absolute") return undefined;
  }
  return {
    offDst,
    offOp0,
    offOp1,
    dstRegister,
    op0Register,
    op1Source,
    resLogic: pcUpdate === "jnz" ? "unconstrained" : res,
    pcUpdate,
    apUpdate: opcode === "call" ? "add2" : ap,
    opcode,
    size: op1Source === "immediate" ? 2 : 1,
  };
}
