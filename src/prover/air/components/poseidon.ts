/**
 * The Poseidon builtin: three cells in, three out, by the permutation Hades. States of the 8 full rounds are
 * in the trace; of the 83 partial rounds only the word that is cubed, s (with its key): three of them and
 * their cubes give the next one.
 */
import { type Felt, mod } from "../../../field/felt.ts";
import { FULL_ROUNDS, PARTIAL_ROUNDS, roundConstants } from "../../../hash/reference/poseidon.ts";
import type { AirBuilder } from "../air.ts";
import { every, except, exceptLast, FIRST_ROW, range } from "../domain.ts";
import type { Expression, PeriodicColumn } from "../expression.ts";
import { type LayoutDefinition, memoryShare, type PoseidonPlacement, virtual } from "../layout.ts";

/** Partial rounds in the first lane: 0..63. The second has the others and repeats the last three. */
export const LANE0_ROUNDS = 64;
/** The round at which the second lane starts. */
export const LANE1_START = LANE0_ROUNDS - 3;
const HALF_FULL_ROUNDS = FULL_ROUNDS / 2;
const LANE1_ROUNDS = PARTIAL_ROUNDS - LANE1_START;

export type State = readonly [Felt, Felt, Felt];

/** Where an instance's six cells stand among its eight of the memory pool. */
export const poseidonSlots = ({ addressing }: PoseidonPlacement): readonly number[] =>
  addressing === "chained" ? [0, 1, 2, 3, 4, 5] : [0, 1, 2, 4, 5, 6];

/** What an instance writes into its columns. */
export interface PoseidonRounds {
  /** Before the cubing of each full round, keys added. */
  readonly full: readonly State[];
  /** The third word before its cubing in each partial round, key added. */
  readonly partial: readonly Felt[];
  readonly output: State;
}

const cube = (x: Felt): Felt => mod(x * x * x);

/** The MDS matrix ((3, 1, 1), (1, -1, 1), (1, 1, -2)). */
const mix = ([x, y, z]: State): State => {
  const sum = x + y + z;
  return [mod(sum + 2n * x), mod(sum - 2n * y), mod(sum - 3n * z)];
};

let keys: readonly Felt[] | undefined;

export function poseidonRounds(input: State): PoseidonRounds {
  keys ??= roundConstants();
  const full: State[] = [];
  const partial: Felt[] = [];
  let state = input;
  for (let round = 0; round < FULL_ROUNDS + PARTIAL_ROUNDS; round++) {
    const [x, y, z] = state.map((word, i) => mod(word + keys![3 * round + i]!)) as [
      Felt,
      Felt,
      Felt,
    ];
    if (round < HALF_FULL_ROUNDS || round >= HALF_FULL_ROUNDS + PARTIAL_ROUNDS) {
      full.push([x, y, z]);
      state = mix([cube(x), cube(y), cube(z)]);
    } else {
      partial.push(z);
      state = mix([x, y, cube(z)]);
    }
  }
  return { full, partial, output: state };
}

/** A linear form in the values of the rows below. */
type Form = readonly (readonly [coefficient: bigint, value: bigint])[];

const evaluate = (form: Form): Felt =>
  mod(form.reduce((sum, [coefficient, value]) => sum + coefficient * value, 0n));

/**
 * The constants of the recurrences. Each says that a value is a linear form in earlier values and cubes, plus
 * a key; the key is what one run of the permutation leaves over.
 */
function constants(): {
  readonly full: readonly [Felt[], Felt[], Felt[]];
  readonly first: State;
  readonly toPartial: readonly Felt[];
  readonly partial: readonly Felt[];
  readonly toFull: readonly Felt[];
} {
  const { full, partial } = poseidonRounds([0n, 0n, 0n]);
  const rest = (value: Felt, form: Form): Felt => mod(value - evaluate(form));
  const cubes = partial.map(cube);
  const [c0, c1, c2] = full[HALF_FULL_ROUNDS - 1]!.map(cube) as [Felt, Felt, Felt];
  const [s0, s1, s2] = partial as [Felt, Felt, Felt];
  const end = PARTIAL_ROUNDS;
  const fullKeys = range(0, 3).map((word) =>
    range(0, FULL_ROUNDS).map((round) =>
      // The halves' last rounds have no full round after them.
      round % HALF_FULL_ROUNDS === HALF_FULL_ROUNDS - 1
        ? 0n
        : mod(full[round + 1]![word]! - mix(full[round]!.map(cube) as [Felt, Felt, Felt])[word]!),
    ),
  );
  const [r0, r1, r2] = full[HALF_FULL_ROUNDS]!;
  return {
    full: fullKeys as [Felt[], Felt[], Felt[]],
    first: full[0]!,
    toPartial: [
      rest(s0, marginToPartial0(c0, c1, c2)),
      rest(s1, marginToPartial1(c1, c2, s0, cubes[0]!)),
      rest(s2, marginToPartial2(c2, s0, cubes[0]!, s1, cubes[1]!)),
    ],
    partial: range(0, end - 3).map((i) =>
      rest(
        partial[i + 3]!,
        recurrence(cubes[i]!, partial[i + 1]!, cubes[i + 1]!, partial[i + 2]!, cubes[i + 2]!),
      ),
    ),
    toFull: [
      rest(
        r0,
        marginToFull0(
          cubes[end - 3]!,
          partial[end - 2]!,
          cubes[end - 2]!,
          partial[end - 1]!,
          cubes[end - 1]!,
        ),
      ),
      rest(r1, marginToFull1(cubes[end - 2]!, partial[end - 1]!, cubes[end - 1]!)),
      rest(
        r2,
        recurrence(
          cubes[end - 3]!,
          partial[end - 2]!,
          cubes[end - 2]!,
          partial[end - 1]!,
          cubes[end - 1]!,
        ),
      ),
    ],
  };
}

// The forms, over field elements or expressions alike. c: cubes of the last full round before; s: words of
// partial rounds, k: their cubes.
type Terms<T> = readonly (readonly [coefficient: bigint, value: T])[];

// s₀ = c₀ + c₁ - 2·c₂ + key
const marginToPartial0 = <T>(c0: T, c1: T, c2: T): Terms<T> => [
  [1n, c0],
  [1n, c1],
  [-2n, c2],
];
// s₁ = -4·c₁ + 10·c₂ + 4·s₀ - 2·k₀ + key
const marginToPartial1 = <T>(c1: T, c2: T, s0: T, k0: T): Terms<T> => [
  [-4n, c1],
  [10n, c2],
  [4n, s0],
  [-2n, k0],
];
// s₂ = 8·c₂ + 4·s₀ + 6·k₀ + 2·s₁ - 2·k₁ + key
const marginToPartial2 = <T>(c2: T, s0: T, k0: T, s1: T, k1: T): Terms<T> => [
  [8n, c2],
  [4n, s0],
  [6n, k0],
  [2n, s1],
  [-2n, k1],
];
// s₃ = 8·k₀ + 4·s₁ + 6·k₁ + 2·s₂ - 2·k₂ + key
const recurrence = <T>(k0: T, s1: T, k1: T, s2: T, k2: T): Terms<T> => [
  [8n, k0],
  [4n, s1],
  [6n, k1],
  [2n, s2],
  [-2n, k2],
];
// First word of full round 4 = 16·k₈₀ + 8·s₈₁ + 16·k₈₁ + 6·s₈₂ + k₈₂ + key
const marginToFull0 = <T>(k0: T, s1: T, k1: T, s2: T, k2: T): Terms<T> => [
  [16n, k0],
  [8n, s1],
  [16n, k1],
  [6n, s2],
  [1n, k2],
];
// Second word of full round 4 = 4·k₈₁ + 2·s₈₂ + k₈₂ + key
const marginToFull1 = <T>(k1: T, s2: T, k2: T): Terms<T> => [
  [4n, k1],
  [2n, s2],
  [1n, k2],
];

export function poseidon(air: AirBuilder, layout: LayoutDefinition, at: PoseidonPlacement): void {
  const { graph } = air;
  const rows = at.ratio * layout.rowsPerStep;
  const instance = every(rows);
  const key = constants();
  const path = "poseidon/poseidon";
  const form = (terms: Terms<Expression>, constant: Felt): Expression =>
    graph.sum(terms.map(([coefficient, value]) => value.times(coefficient))).plus(constant);
  const periodic = (name: string, values: readonly Felt[], length: number): Expression => {
    const padded = range(0, length).map((i) => values[i] ?? 0n);
    const column: PeriodicColumn = { name: `${path}/${name}`, period: rows, values: padded };
    return graph.periodic(column);
  };

  const memory = memoryShare(layout.memory, at.memory);
  const slots = poseidonSlots(at);
  addresses(air, layout, at);

  // Squares are columns of their own, so that a cube has degree 2
  const fullRows = every(at.full[0][1]);
  const state = (word: number, round = 0): Expression => air.cell(virtual(at.full[word]!), round);
  const squared = (word: number, round = 0): Expression =>
    air.cell(virtual(at.fullSquared[word]!), round);
  for (const word of [0, 1, 2])
    air.constrain(
      `${path}/full_rounds_state${word}_squaring`,
      fullRows,
      state(word).squared().minus(squared(word)),
    );
  const lanes = [
    { s: at.partial0, squared: at.partial0Squared, rounds: LANE0_ROUNDS, start: 0 },
    { s: at.partial1, squared: at.partial1Squared, rounds: LANE1_ROUNDS, start: LANE1_START },
  ];
  /** Rows of a lane at which at least `after` more rounds follow. */
  const laneRows = ({ s, rounds }: (typeof lanes)[number], after: number) => {
    const unused = range(rounds - after, rows / s[1]).map((i) => i * s[1]);
    return unused.length === 0 ? every(s[1]) : except(every(s[1]), rows, ...unused);
  };
  lanes.forEach((lane, i) => {
    const s = air.cell(virtual(lane.s));
    air.constrain(
      `${path}/partial_rounds_state${i}_squaring`,
      laneRows(lane, 0),
      s.squared().minus(air.cell(virtual(lane.squared))),
    );
  });

  // First state = input + key; next state = MDS·(cubes) + key; output = MDS·(cubes)
  for (const word of [0, 1, 2])
    air.constrain(
      `${path}/add_first_round_key${word}`,
      instance,
      air.cell(memory.value, word).plus(key.first[word]!).minus(state(word)),
    );
  const cubes = (round: number): [Expression, Expression, Expression] =>
    [0, 1, 2].map((word) => state(word, round).times(squared(word, round))) as [
      Expression,
      Expression,
      Expression,
    ];
  const mixed = ([x, y, z]: [Expression, Expression, Expression]): Expression[] => [
    x.times(3).plus(y, z),
    x.minus(y).plus(z),
    x.plus(y).minus(z.doubled()),
  ];
  const half = HALF_FULL_ROUNDS * at.full[0][1];
  mixed(cubes(0)).forEach((sum, word) => {
    air.constrain(
      `${path}/full_round${word}`,
      except(fullRows, half, half - at.full[0][1]),
      state(word, 1).minus(
        sum.plus(periodic(`full_round_key${word}`, key.full[word]!, FULL_ROUNDS)),
      ),
    );
  });
  mixed(cubes(FULL_ROUNDS - 1)).forEach((sum, word) => {
    air.constrain(
      `${path}/last_full_round${word}`,
      instance,
      air.cell(memory.value, slots[3 + word]!).minus(sum),
    );
  });

  // The second lane starts with the last three rounds of the first
  const s = (lane: number, round: number): Expression => air.cell(virtual(lanes[lane]!.s), round);
  const k = (lane: number, round: number): Expression =>
    s(lane, round).times(air.cell(virtual(lanes[lane]!.squared), round));
  for (const i of [0, 1, 2])
    air.constrain(
      `${path}/copy_partial_rounds0_i${i}`,
      instance,
      s(0, LANE1_START + i).minus(s(1, i)),
    );
  const [c0, c1, c2] = cubes(HALF_FULL_ROUNDS - 1);
  const toPartial = [
    marginToPartial0(c0, c1, c2),
    marginToPartial1(c1, c2, s(0, 0), k(0, 0)),
    marginToPartial2(c2, s(0, 0), k(0, 0), s(0, 1), k(0, 1)),
  ];
  toPartial.forEach((terms, i) => {
    air.constrain(
      `${path}/margin_full_to_partial${i}`,
      instance,
      s(0, i).minus(form(terms, key.toPartial[i]!)),
    );
  });
  lanes.forEach((lane, i) => {
    const keysOfLane = key.partial.slice(lane.start, lane.start + lane.rounds - 3);
    const column = periodic(`partial_round_key${i}`, keysOfLane, rows / lane.s[1]);
    air.constrain(
      `${path}/partial_round${i}`,
      laneRows(lane, 3),
      s(i, 3).minus(form(recurrence(k(i, 0), s(i, 1), k(i, 1), s(i, 2), k(i, 2)), 0n).plus(column)),
    );
  });
  const end = LANE1_ROUNDS;
  const lastRounds = [
    k(1, end - 3),
    s(1, end - 2),
    k(1, end - 2),
    s(1, end - 1),
    k(1, end - 1),
  ] as const;
  const toFull = [
    marginToFull0(...lastRounds),
    marginToFull1(lastRounds[2], lastRounds[3], lastRounds[4]),
    recurrence(...lastRounds),
  ];
  toFull.forEach((terms, word) => {
    air.constrain(
      `${path}/margin_partial_to_full${word}`,
      instance,
      state(word, HALF_FULL_ROUNDS).minus(form(terms, key.toFull[word]!)),
    );
  });
}

function addresses(air: AirBuilder, layout: LayoutDefinition, at: PoseidonPlacement): void {
  const rows = at.ratio * layout.rowsPerStep;
  const initial = air.value("initial_poseidon_addr");
  const { address } = memoryShare(layout.memory, at.memory);
  if (at.addressing === "chained") {
    // Addresses are the six cells', then the next instance's
    air.constrain("poseidon/init_input_output_addr", FIRST_ROW, air.cell(address).minus(initial));
    air.constrain(
      "poseidon/addr_input_output_step_inner",
      except(every(address.step), rows, ...[5, 6, 7].map((i) => i * address.step)),
      air.cell(address, 1).minus(air.cell(address).plus(1)),
    );
    air.constrain(
      "poseidon/addr_input_output_step_outter",
      exceptLast(every(rows), rows),
      air.cell(address, 8).minus(air.cell(address, 5).plus(1)),
    );
    return;
  }
  // The cells of word i are input and output by turns, their addresses initial + i, three apart
  const half = rows / 2;
  for (const word of [0, 1, 2])
    air.constrain(
      `poseidon/param_${word}/init_input_output_addr`,
      FIRST_ROW,
      air.cell(address, word).minus(initial.plus(word)),
    );
  for (const word of [0, 1, 2])
    air.constrain(
      `poseidon/param_${word}/addr_input_output_step`,
      exceptLast(every(half), half),
      air.cell(address, word + 4).minus(air.cell(address, word).plus(3)),
    );
}
