/**
 * A layout as data: which components, at what share of the steps, and where their columns stand.
 * `createAir` makes the constraints of it, in the order in which StarkWare's layouts have them.
 */
import type { VirtualColumn } from "./expression.ts";

/** [column of the trace, step, offset]. */
export type Placement = readonly [column: number, step: number, offset: number];

/** [step, offset] within a pool, counted in the pool's cells. */
export type Share = readonly [step: number, offset: number];

export interface MemoryPlacement {
  readonly address: Placement;
  readonly value: Placement;
  readonly sortedAddress: Placement;
  readonly sortedValue: Placement;
  /** Running product of the permutation argument; interaction. */
  readonly product: Placement;
  /** Cells that are zero and stand for public memory. */
  readonly publicCells: Share;
}

export interface RangeCheckPlacement {
  /** Bits of a pool cell; 16 in StarkWare's layouts, a divisor of 16 in others. */
  readonly bits: number;
  readonly pool: Placement;
  readonly sorted: Placement;
  readonly product: Placement;
}

export interface DilutedPlacement {
  /** Bits of a diluted word, `spacing` places apart. */
  readonly bits: number;
  readonly spacing: number;
  readonly pool: Placement;
  readonly sorted: Placement;
  readonly cumulative: Placement;
  readonly product: Placement;
}

export interface CpuPlacement {
  readonly flags: Placement;
  readonly ap: Placement;
  readonly fp: Placement;
  readonly opsMul: Placement;
  readonly res: Placement;
  readonly tmp0: Placement;
  readonly tmp1: Placement;
  /** Of the memory pool. */
  readonly instruction: Share;
  readonly op0: Share;
  readonly dst: Share;
  readonly op1: Share;
  /** Of the range-check pool; the limbs of an offset, the lowest first. */
  readonly off0: readonly Share[];
  readonly off1: readonly Share[];
  readonly off2: readonly Share[];
}

/** The columns of Σ bit·point over the bits of a scalar. */
export interface SubsetSumPlacement {
  readonly x: Placement;
  readonly y: Placement;
  /** What is left of the scalar: bit i is selector(i) - 2·selector(i + 1). */
  readonly selector: Placement;
  readonly slope: Placement;
  /** 1/(x - x of the point), which shows that the two differ. */
  readonly xDiffInv?: Placement;
  /** Products of top bits, which bound a 252-bit scalar by P. */
  readonly prodOnes192?: Placement;
  readonly prodOnes196?: Placement;
}

export interface PedersenPlacement {
  /** Steps per instance. */
  readonly ratio: number;
  /** Instance i is in lane i mod lanes. */
  readonly lanes: readonly SubsetSumPlacement[];
  readonly input0: Share;
  readonly input1: Share;
  readonly output: Share;
}

export interface RangeCheckBuiltinPlacement {
  readonly ratio: number;
  readonly memory: Share;
  /** The limbs of a value, the highest first. */
  readonly parts: Share;
  /**
   * What the limbs before one make up, beside it. Without, one constraint takes all limbs. With it, the value is
   * in memory less than a limb's rows after the last limb.
   */
  readonly accumulator?: Placement;
}

export interface EcdsaPlacement {
  readonly ratio: number;
  readonly pubkey: Share;
  readonly message: Share;
  readonly keyX: Placement;
  readonly keyY: Placement;
  readonly doublingSlope: Placement;
  readonly key: SubsetSumPlacement;
  readonly generator: SubsetSumPlacement;
  readonly rwInv: Placement;
  readonly addResultsSlope: Placement;
  readonly addResultsInv: Placement;
  readonly extractRSlope: Placement;
  readonly extractRInv: Placement;
  readonly zInv: Placement;
  readonly qXSquared: Placement;
}

export interface BitwisePlacement {
  readonly ratio: number;
  /** x, y, x & y, x ^ y, one after the other. */
  readonly varPool: Share;
  readonly xOrY: Share;
  /** Of the diluted pool: the chunks of the four, one after the other. */
  readonly chunks: Share;
  /** Of the diluted pool: the four cells that bound the values to 251 bits. */
  readonly trims: readonly [Share, Share, Share, Share];
  /**
   * What the words before one make up, beside it. Without, one constraint takes all words. With it, values are in
   * memory less than a word's rows after their last word, and trims are each beside a word of x, at one distance.
   */
  readonly accumulator?: Placement;
}

export interface EcOpPlacement {
  readonly ratio: number;
  readonly pX: Share;
  readonly pY: Share;
  readonly qX: Share;
  readonly qY: Share;
  readonly m: Share;
  readonly rX: Share;
  readonly rY: Share;
  /** Whether a constraint steps from cell to cell, which stand at equal distances, or one for each cell. */
  readonly addressing: "chained" | "by cell";
  readonly doubledX: Placement;
  readonly doubledY: Placement;
  readonly doublingSlope: Placement;
  readonly sum: SubsetSumPlacement;
}

export interface PoseidonPlacement {
  readonly ratio: number;
  /** The six cells of an instance and two more, one after the other. */
  readonly memory: Share;
  /**
   * `chained`: the addresses of the six cells follow one another (starkex-contracts, Stone v1).
   * `by cell`: each cell of the state has addresses of its own, three apart (Stone v3).
   */
  readonly addressing: "chained" | "by cell";
  /** States at the full rounds and their squares. */
  readonly full: readonly [Placement, Placement, Placement];
  readonly fullSquared: readonly [Placement, Placement, Placement];
  /** The third word of the state in partial rounds 0..63. */
  readonly partial0: Placement;
  readonly partial0Squared: Placement;
  /** The same in partial rounds 61..82. */
  readonly partial1: Placement;
  readonly partial1Squared: Placement;
}

export interface LayoutDefinition {
  readonly name: string;
  readonly rowsPerStep: number;
  /** Columns of the first and of the interaction commitment. */
  readonly columns: readonly [number, number];
  readonly memory: MemoryPlacement;
  readonly rangeCheck: RangeCheckPlacement;
  readonly diluted?: DilutedPlacement;
  readonly cpu: CpuPlacement;
  readonly pedersen: PedersenPlacement;
  readonly rangeCheckBuiltin: RangeCheckBuiltinPlacement;
  readonly ecdsa?: EcdsaPlacement;
  readonly bitwise?: BitwisePlacement;
  readonly ecOp?: EcOpPlacement;
  readonly poseidon?: PoseidonPlacement;
}

export const virtual = ([column, step, offset]: Placement): VirtualColumn => ({
  column,
  step,
  offset,
});

/** Every `step`-th cell of a pool from `offset` on. */
export const share = (pool: Placement, [step, offset]: Share): VirtualColumn => ({
  column: pool[0],
  step: pool[1] * step,
  offset: pool[2] + pool[1] * offset,
});

/** Address and value of a share of the memory pool. */
export interface MemoryColumn {
  readonly address: VirtualColumn;
  readonly value: VirtualColumn;
}

export const memoryShare = (memory: MemoryPlacement, at: Share): MemoryColumn => ({
  address: share(memory.address, at),
  value: share(memory.value, at),
});

/** Rows between the public cells of the memory pool. */
export const publicMemoryStep = ({ memory }: LayoutDefinition): number =>
  memory.publicCells[0] * memory.address[1];
