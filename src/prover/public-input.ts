/**
 * The public input of a proof: its words (stark-protocol §6.1), the memory pages (§6.2) and the values that
 * constraints name (§5.1). Prover and verifiers share it.
 */
import { add, div, type Felt, mul, pow, sub } from "../field/felt.ts";
import { keccak256 } from "../hash/keccak.ts";
import { bytesToBigInt } from "../util/bytes.ts";
import { type LayoutDefinition, publicMemoryStep } from "./air/layout.ts";
import { concatBytes, wordBytes } from "./channel/channel.ts";

export interface SegmentBounds {
  readonly begin: number;
  /** One past the last cell in use. */
  readonly stop: number;
}

export interface MemoryCell {
  readonly address: number;
  readonly value: Felt;
}

/** What a proof says about a run. All public memory is in page 0. */
export interface ProofPublicInput {
  readonly layout: string;
  /** Steps are 2^logSteps. */
  readonly logSteps: number;
  readonly rcMin: number;
  readonly rcMax: number;
  readonly program: SegmentBounds;
  readonly execution: SegmentBounds;
  readonly output: SegmentBounds;
  /** In the order of `builtinsOf`. */
  readonly builtins: Readonly<Record<string, SegmentBounds>>;
  /** Stands in public memory where no cell does; any true cell. */
  readonly padding: MemoryCell;
  readonly publicMemory: readonly MemoryCell[];
}

export interface BuiltinShape {
  readonly name: string;
  /** Steps per instance. */
  readonly ratio: number;
  /** Memory cells per instance. */
  readonly cells: number;
  /** Name of the first address among the values of constraints. */
  readonly value: string;
}

/** The builtins of a layout, in the order of the public input. */
export function builtinsOf(layout: LayoutDefinition): BuiltinShape[] {
  const shapes = [
    ["pedersen", layout.pedersen, 3, "pedersen"],
    ["range_check", layout.rangeCheckBuiltin, 1, "rc"],
    ["ecdsa", layout.ecdsa, 2, "ecdsa"],
    ["bitwise", layout.bitwise, 5, "bitwise"],
    ["ec_op", layout.ecOp, 7, "ec_op"],
    ["poseidon", layout.poseidon, 6, "poseidon"],
  ] as const;
  return shapes.flatMap(([name, placement, cells, short]) =>
    placement === undefined
      ? []
      : [{ name, ratio: placement.ratio, cells, value: `initial_${short}_addr` }],
  );
}

/** The layout's name in ASCII as an integer. */
export const layoutCode = (name: string): bigint => bytesToBigInt(Buffer.from(name, "ascii"));

/** K(address || value || …). */
export function pageHash(cells: readonly MemoryCell[]): bigint {
  const words = cells.flatMap(({ address, value }) => [
    wordBytes(BigInt(address)),
    wordBytes(value),
  ]);
  return bytesToBigInt(keccak256(concatBytes(...words)));
}

/** The words of §6.1, without the page products. Their hash seeds the channel. */
export function publicInputWords(layout: LayoutDefinition, input: ProofPublicInput): bigint[] {
  const segments = [
    input.program,
    input.execution,
    input.output,
    ...builtinsOf(layout).map(({ name }) => input.builtins[name]!),
  ];
  return [
    BigInt(input.logSteps),
    BigInt(input.rcMin),
    BigInt(input.rcMax),
    layoutCode(input.layout),
    ...segments.flatMap(({ begin, stop }) => [BigInt(begin), BigInt(stop)]),
    BigInt(input.padding.address),
    input.padding.value,
    1n,
    BigInt(input.publicMemory.length),
    pageHash(input.publicMemory),
  ];
}

export const seedOf = (words: readonly bigint[]): Uint8Array =>
  keccak256(concatBytes(...words.map(wordBytes)));

/** The interaction elements in the order in which they are drawn. */
export const interactionElements = ({ diluted }: LayoutDefinition): readonly string[] => [
  "memory/z",
  "memory/alpha",
  "rc16/z",
  ...(diluted === undefined
    ? []
    : ["diluted_check/permutation/z", "diluted_check/z", "diluted_check/alpha"]),
];

/** Π (z - (address + α·value)). */
export const pageProduct = (cells: readonly MemoryCell[], z: Felt, alpha: Felt): Felt =>
  cells.reduce(
    (product, { address, value }) => mul(product, sub(z, add(BigInt(address), mul(alpha, value)))),
    1n,
  );

/**
 * z^S / ((z - (padding cell))^(S - n) · Π pages), for S slots of public memory of which n are used: what the
 * running product of the memory permutation ends with.
 */
export function publicMemoryProduct(
  layout: LayoutDefinition,
  input: Pick<ProofPublicInput, "logSteps" | "padding" | "publicMemory">,
  z: Felt,
  alpha: Felt,
): Felt {
  const rows = layout.rowsPerStep * 2 ** input.logSteps;
  const slots = rows / publicMemoryStep(layout);
  const unused = BigInt(slots - input.publicMemory.length);
  const padding = pow(pageProduct([input.padding], z, alpha), unused);
  return div(pow(z, BigInt(slots)), mul(padding, pageProduct(input.publicMemory, z, alpha)));
}

/**
 * The last of r = 1, r′ = r·(1 + z·u) + α·u² over the differences u of all diluted words in order. u depends
 * only on the trailing zeros of the word's number j, so the affine map over j < 2^(k+1) is that over j < 2^k,
 * the step at 2^k, and that over j < 2^k again.
 */
export function dilutedCumulativeValue(
  { bits, spacing }: { readonly bits: number; readonly spacing: number },
  z: Felt,
  alpha: Felt,
): Felt {
  let [factor, constant]: [Felt, Felt] = [1n, 0n];
  let below = 0n; // the diluted form of 2^k - 1
  for (let k = 0; k < bits; k++) {
    const word = 1n << BigInt(spacing * k);
    const u = word - below;
    const step = add(1n, mul(z, u));
    const afterStep = add(mul(constant, step), mul(alpha, mul(u, u)));
    constant = add(mul(afterStep, factor), constant);
    factor = mul(mul(factor, step), factor);
    below += word;
  }
  return add(factor, constant);
}

/** The values that constraints name. `elements` are as in `interactionElements`. */
export function publicValues(
  layout: LayoutDefinition,
  input: ProofPublicInput,
  elements: readonly Felt[],
): Map<string, Felt> {
  const values = new Map<string, Felt>([
    ["initial_pc", BigInt(input.program.begin)],
    ["final_pc", BigInt(input.program.stop)],
    ["initial_ap", BigInt(input.execution.begin)],
    ["final_ap", BigInt(input.execution.stop)],
    ["rc_min", BigInt(input.rcMin)],
    ["rc_max", BigInt(input.rcMax)],
  ]);
  for (const { name, value } of builtinsOf(layout))
    values.set(value, BigInt(input.builtins[name]!.begin));
  interactionElements(layout).forEach((name, i) => values.set(name, elements[i]!));
  const [z, alpha, , , dilutedZ, dilutedAlpha] = elements as [Felt, Felt, Felt, ...Felt[]];
  values.set("memory/public_memory_product", publicMemoryProduct(layout, input, z, alpha));
  if (layout.diluted !== undefined)
    values.set(
      "diluted_check/final_cumulative_value",
      dilutedCumulativeValue(layout.diluted, dilutedZ!, dilutedAlpha!),
    );
  return values;
}
