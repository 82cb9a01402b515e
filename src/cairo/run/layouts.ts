/**
 * StarkWare's proof layouts, and our own, as far as a run has to know them: which builtins there are and at what share of the
 * steps, and the other resources that a trace's length pays for.
 * Figures: cairo-lang, starkware/cairo/lang/instances.py; tests compare runs in them with another VM's.
 */
import type { BuiltinName } from "../program.ts";

export interface Layout {
  /** Steps per instance of each builtin, besides output, which is free. */
  readonly ratios: Readonly<Partial<Record<BuiltinName, number>>>;
  readonly rangeCheckUnits: number;
  /** Bits of a range-check unit; 16 where it is left out. */
  readonly rangeCheckBits?: number;
  /** One in this many memory units is for public memory. */
  readonly publicMemoryFraction: number;
  /** Runs are padded until public memory fits, too, which cairo-run leaves to the prover to find out. */
  readonly fitsPublicMemory?: true;
  /** Units of diluted (bitwise) checks per step. */
  readonly dilutedUnits?: number;
  /** Bits of a diluted unit; 16 where it is left out. */
  readonly dilutedBits?: number;
  readonly hasOutput: boolean;
}

export const MEMORY_UNITS_PER_STEP = 8;
/** The diluted form of 16 bits, each four places apart. */
export const DILUTED = { spacing: 4, bits: 16 } as const;

const STARKNET: Layout = {
  ratios: { pedersen: 32, range_check: 16, ecdsa: 2048, bitwise: 64, ec_op: 1024, poseidon: 32 },
  rangeCheckUnits: 4,
  publicMemoryFraction: 8,
  dilutedUnits: 2,
  hasOutput: true,
};

export const LAYOUTS = {
  plain: { ratios: {}, rangeCheckUnits: 16, publicMemoryFraction: 4, hasOutput: false },
  small: {
    ratios: { pedersen: 8, range_check: 8, ecdsa: 512 },
    rangeCheckUnits: 16,
    publicMemoryFraction: 4,
    hasOutput: true,
  },
  recursive: {
    ratios: { pedersen: 128, range_check: 8, bitwise: 8 },
    rangeCheckUnits: 4,
    publicMemoryFraction: 8,
    dilutedUnits: 16,
    hasOutput: true,
  },
  starknet: STARKNET,
  /** Ours (src/prover/air/layouts/compact.ts). */
  compact: {
    ratios: { pedersen: 256, range_check: 16, bitwise: 128, ec_op: 1024, poseidon: 16 },
    rangeCheckUnits: 8,
    rangeCheckBits: 8,
    publicMemoryFraction: 8,
    fitsPublicMemory: true,
    dilutedUnits: 2,
    dilutedBits: 8,
    hasOutput: true,
  },
  starknet_with_keccak: {
    ...STARKNET,
    ratios: { ...STARKNET.ratios, keccak: 2048 },
    dilutedUnits: 16,
  },
  all_cairo: {
    ratios: {
      pedersen: 256,
      range_check: 8,
      ecdsa: 2048,
      bitwise: 16,
      ec_op: 1024,
      keccak: 2048,
      poseidon: 256,
      range_check96: 8,
      add_mod: 128,
      mul_mod: 256,
    },
    rangeCheckUnits: 4,
    publicMemoryFraction: 8,
    dilutedUnits: 16,
    hasOutput: true,
  },
} as const satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;
