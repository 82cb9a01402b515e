/**
 * The STARK curve. Points are affine with canonical coordinates; infinity is `undefined` where it can
 * occur. Scalar multiplication and the ec_op builtin run in the WASM kernel, inverses and roots in the
 * field's; reference/stark.ts is the twin of all.
 */
import { add as fadd, type Felt, mul as fmul, sub } from "../field/felt.ts";
import { inv, sqrt } from "../field/kernel.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";
import { ALPHA, ORDER, type Point } from "./constants.ts";
import { chord, curveRightSide, isOnCurve } from "./reference/stark.ts";

export {
  ALPHA,
  BETA,
  GENERATOR,
  ORDER,
  PEDERSEN_BASES,
  PEDERSEN_SHIFT,
  type Point,
} from "./constants.ts";
export { isOnCurve, negate } from "./reference/stark.ts";

type CurveExports = KernelExports & {
  readonly io: WebAssembly.Global;
  ecOp(): number;
  mul(): void;
};

type CurveKernel = { readonly exports: CurveExports; readonly words: BigUint64Array };

let kernel: CurveKernel | undefined;

function load(): CurveKernel {
  const exports = loadKernel<CurveExports>(new URL("./curve.wasm", import.meta.url));
  return { exports, words: new BigUint64Array(exports.memory.buffer, exports.io.value, 20) };
}

function writePoint(words: BigUint64Array, at: number, p: Point): void {
  if (!isOnCurve(p)) throw new RangeError(`point (${p.x}, ${p.y}) is not on the STARK curve`);
  writeFelt(words, at, p.x);
  writeFelt(words, at + 4, p.y);
}

const readPoint = (words: BigUint64Array): Point => ({
  x: readFelt(words, 0),
  y: readFelt(words, 4),
});

/** The smaller y of the two points with this x, or undefined when there are none. */
export const recoverY = (x: Felt): Felt | undefined => sqrt(curveRightSide(x));

/** 2·p. No point of the curve has order 2, so the result is never infinity. */
export function double(p: Point): Point {
  const slope = fmul(fadd(fmul(3n, fmul(p.x, p.x)), ALPHA), inv(fadd(p.y, p.y)));
  return chord(slope, p, p.x);
}

/** p + q, or undefined when that is the point at infinity. */
export function add(p: Point, q: Point): Point | undefined {
  if (p.x === q.x) return p.y === q.y ? double(p) : undefined;
  return chord(fmul(sub(q.y, p.y), inv(sub(q.x, p.x))), p, q.x);
}

/**
 * scalar·p for scalar >= 0, or undefined when that is the point at infinity. Throws RangeError for a
 * negative scalar or a point that is not on the curve.
 */
export function mul(scalar: bigint, p: Point): Point | undefined {
  if (scalar < 0n) throw new RangeError(`"scalar" expected >= 0, got ${scalar}`);
  kernel ??= load();
  const { exports, words } = kernel;
  writePoint(words, 8, p);
  const reduced = scalar % ORDER;
  if (reduced === 0n) return undefined;
  writeFelt(words, 16, reduced);
  exports.mul();
  return readPoint(words);
}

/**
 * p + m·q as the ec_op builtin computes it, for 0 <= m < 2^256: undefined when its chain of doublings and
 * additions meets two points of the same x, at any bit up to the highest one of m (reference/stark.ts).
 * Throws RangeError for a point that is not on the curve or an m out of range.
 */
export function ecOp(p: Point, q: Point, m: bigint): Point | undefined {
  if (m < 0n || m >> 256n !== 0n) throw new RangeError(`"m" expected 0 <= m < 2^256, got ${m}`);
  kernel ??= load();
  const { exports, words } = kernel;
  writePoint(words, 0, p);
  writePoint(words, 8, q);
  writeFelt(words, 16, m);
  return exports.ecOp() === 0 ? undefined : readPoint(words);
}
