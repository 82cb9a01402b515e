/**
 * Our own layout, shaped for the Starknet OS: the same proof protocol in 8 columns instead of 10, Poseidon
 * twice as dense as in "starknet", no ECDSA, and a floor of 2^14 rows. The cost model is in docs/prover.md.
 *
 * Pools of range-checked and of diluted words must hold every value of their range, so they are what sets the
 * floor: here both have words of 8 bits, 256 values, where StarkWare's layouts have 2^16. The columns of
 * Pedersen and EC-op stand beside the diluted check's in the second commitment; they take part in no lookup,
 * so nothing is lost when they are committed to after the interaction elements are known.
 */
import { range } from "../domain.ts";
import type { LayoutDefinition, Share } from "../layout.ts";

const limbs = (...offsets: readonly [low: number, high: number]): Share[] =>
  offsets.map((offset) => [8, offset]);

/** Of the memory pool's cells, those 11 mod 16 are divided in eights; Pedersen, EC-op and bitwise have some. */
const ecOpCell = (i: number): Share => [8192, 75 + 128 * i];
const [pX, pY, qX, qY, m, rX, rY] = range(0, 7).map(ecOpCell) as [
  Share,
  Share,
  Share,
  Share,
  Share,
  Share,
  Share,
];

export const COMPACT: LayoutDefinition = {
  name: "compact",
  rowsPerStep: 16,
  columns: [6, 2],
  memory: {
    address: [1, 2, 0],
    value: [1, 2, 1],
    sortedAddress: [2, 2, 0],
    sortedValue: [2, 2, 1],
    product: [6, 2, 0],
    publicCells: [8, 1],
  },
  rangeCheck: { bits: 8, pool: [3, 2, 0], sorted: [3, 2, 1], product: [6, 2, 1] },
  diluted: {
    bits: 8,
    spacing: 4,
    pool: [4, 8, 1],
    sorted: [4, 8, 5],
    cumulative: [7, 8, 0],
    product: [7, 8, 4],
  },
  cpu: {
    flags: [0, 1, 0],
    ap: [4, 16, 0],
    fp: [4, 16, 8],
    opsMul: [4, 16, 4],
    res: [4, 16, 12],
    tmp0: [4, 16, 2],
    tmp1: [4, 16, 10],
    instruction: [8, 0],
    op0: [8, 2],
    dst: [8, 4],
    op1: [8, 6],
    off0: limbs(0, 3),
    off1: limbs(2, 5),
    off2: limbs(1, 4),
  },
  pedersen: {
    ratio: 256,
    lanes: [
      {
        x: [7, 8, 1],
        y: [7, 8, 3],
        selector: [7, 8, 5],
        slope: [7, 8, 7],
        prodOnes192: [7, 2048, 6],
        prodOnes196: [7, 2048, 14],
      },
    ],
    input0: [2048, 27],
    input1: [2048, 1051],
    output: [2048, 539],
  },
  rangeCheckBuiltin: { ratio: 16, memory: [128, 127], parts: [8, 6], accumulator: [4, 16, 3] },
  bitwise: {
    ratio: 128,
    varPool: [256, 251],
    xOrY: [1024, 1021],
    chunks: [2, 0],
    trims: [
      [256, 57],
      [256, 59],
      [256, 61],
      [256, 63],
    ],
    accumulator: [4, 16, 6],
  },
  ecOp: {
    ratio: 1024,
    pX,
    pY,
    qX,
    qY,
    m,
    rX,
    rY,
    addressing: "chained",
    doubledX: [7, 64, 2],
    doubledY: [7, 64, 10],
    doublingSlope: [7, 64, 18],
    sum: {
      x: [7, 64, 26],
      y: [7, 64, 34],
      selector: [7, 64, 42],
      slope: [7, 64, 50],
      xDiffInv: [7, 64, 58],
      prodOnes192: [7, 16384, 22],
      prodOnes196: [7, 16384, 30],
    },
  },
  poseidon: {
    ratio: 16,
    memory: [16, 3],
    addressing: "chained",
    full: [
      [5, 32, 7],
      [5, 32, 11],
      [5, 32, 15],
    ],
    fullSquared: [
      [4, 32, 7],
      [4, 32, 11],
      [4, 32, 15],
    ],
    partial0: [5, 4, 0],
    partial0Squared: [5, 4, 2],
    partial1: [5, 8, 1],
    partial1Squared: [5, 8, 5],
  },
};
