/**
 * The curve kernels behind one interface: `scalar` runs everywhere, `fma` spreads a point over two lanes of
 * fused multiply-adds and is right only where hasFusedMadd() says so.
 */
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";
import { ORDER, type Point } from "./constants.ts";
import { isOnCurve } from "./reference/stark.ts";

export type CurveVariant = "scalar" | "fma";

export type CurveKernel = {
  mul(scalar: bigint, p: Point): Point | undefined;
  ecOp(p: Point, q: Point, m: bigint): Point | undefined;
};

type CurveExports = KernelExports & {
  readonly TABLES: WebAssembly.Global;
  readonly io: WebAssembly.Global;
  ecOp(): number;
  mul(): void;
  tabulate(table: number): void;
  ecOpTabulated(table: number): number;
  mulTabulated(table: number): void;
};

const FILES: Record<CurveVariant, string> = { scalar: "./curve.wasm", fma: "./curve-fma.wasm" };

// Offsets in words of the kernel's inputs; the result is written over the first.
const [P, Q, M, END] = [0, 8, 16, 20];

/** Points met once that are remembered, so that a second time is noticed. */
const POINTS_MET = 64;

function removeFirst<T>(map: Map<bigint, T>): T | undefined {
  const [first] = map;
  if (first === undefined) return undefined;
  map.delete(first[0]);
  return first[1];
}

/**
 * Chooses the table of doublings for a point: the generator and the keys of accounts are multiplied again and
 * again. A point that is met for the second time gets the table that was used least recently; the points of
 * `met` and `tables` are in the order of their last use.
 */
function createTableChooser(
  size: number,
): (q: Point) => { table: number; isNew: boolean } | undefined {
  const met = new Map<bigint, undefined>();
  const tables = new Map<bigint, number>();
  return ({ x, y }) => {
    const key = (x << 1n) | (y & 1n); // y and P - y differ in parity
    const known = tables.get(key);
    if (known !== undefined) {
      tables.delete(key);
      tables.set(key, known);
      return { table: known, isNew: false };
    }
    if (!met.delete(key)) {
      if (met.size === POINTS_MET) removeFirst(met);
      met.set(key, undefined);
      return undefined;
    }
    const table = tables.size < size ? tables.size : removeFirst(tables)!;
    tables.set(key, table);
    return { table, isNew: true };
  };
}

/** Instantiates a kernel; the contract of its functions is that of stark.ts. */
export function createCurve(variant: CurveVariant): CurveKernel {
  const exports = loadKernel<CurveExports>(new URL(FILES[variant], import.meta.url));
  const words = new BigUint64Array(exports.memory.buffer, exports.io.value, END);
  const chooseTable = createTableChooser(exports.TABLES.value);

  const write = (at: number, p: Point): void => {
    if (!isOnCurve(p)) throw new RangeError(`point (${p.x}, ${p.y}) is not on the STARK curve`);
    writeFelt(words, at, p.x);
    writeFelt(words, at + 4, p.y);
  };
  const read = (): Point => ({ x: readFelt(words, P), y: readFelt(words, P + 4) });
  /** The table of q, which is at Q; undefined when q is met for the first time. */
  const tableOf = (q: Point): number | undefined => {
    const chosen = chooseTable(q);
    if (chosen?.isNew) exports.tabulate(chosen.table);
    return chosen?.table;
  };

  return {
    mul(scalar, p) {
      if (scalar < 0n) throw new RangeError(`"scalar" expected >= 0, got ${scalar}`);
      write(Q, p);
      const reduced = scalar % ORDER;
      if (reduced === 0n) return undefined;
      writeFelt(words, M, reduced);
      const table = tableOf(p);
      if (table === undefined) exports.mul();
      else exports.mulTabulated(table);
      return read();
    },

    ecOp(p, q, m) {
      if (m < 0n || m >> 256n !== 0n) throw new RangeError(`"m" expected 0 <= m < 2^256, got ${m}`);
      write(P, p);
      write(Q, q);
      writeFelt(words, M, m);
      const table = tableOf(q);
      const found = table === undefined ? exports.ecOp() : exports.ecOpTabulated(table);
      return found === 0 ? undefined : read();
    },
  };
}
