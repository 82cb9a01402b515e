/**
 * Makes the cases of this folder: CASM hints with operands of every kind and values at the edges, alone and in the
 * sequences of the core library. Deterministic: prints the same JSON always. See README.md.
 */
import { CASM_HINT_OPERANDS } from "../../../src/cairo/hints/casm/index.ts";
import type { OperandKind } from "../../../src/cairo/hints/casm/define.ts";
import { P } from "../../../src/field/felt.ts";

type Cell = readonly [segment: number, offset: number, value: string];

export interface Case {
  readonly segments: number;
  readonly ap: number;
  readonly fp: number;
  readonly steps: readonly unknown[];
}

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(20261124);
const below = (n: number): number => Math.floor(next() * n);
const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
const bits = (n: number): bigint => {
  let value = 0n;
  for (let i = 0; i < n; i += 16) value = (value << 16n) + BigInt(below(1 << 16));
  return value & ((1n << BigInt(n)) - 1n);
};

const EDGES = [0n, 1n, 2n, 3n, 255n, 1n << 64n, (1n << 128n) - 1n, 1n << 128n, P / 2n, P - 1n];

const someFelt = (): bigint =>
  [() => pick(EDGES), () => bits(8), () => bits(64), () => bits(128), () => bits(252) % P][below(5)]!();

const AP = 20;
const FP = 12;
const FREE = 40;
/** Cells 0 to 31 of segment 1 hold values, those from 40 on are free; segment 2 holds felts. */
const STACK = 1;
const HEAP = 2;
const HEAP_CELLS = 24;

const set = (cell: Cell) => ({ set: cell });

function cellAt(offset: number) {
  return next() < 0.5
    ? { register: "AP", offset: offset - AP }
    : { register: "FP", offset: offset - FP };
}

const immediate = (value: bigint) => ({ Immediate: `0x${value.toString(16)}` });

/** Cells 0 to 23 hold felts, 24 to 31 pointers into the heap. */
const feltCell = () => cellAt(below(24));
const pointerCell = () => cellAt(24 + below(8));

const readable = (): unknown => {
  const b = next() < 0.5 ? { Deref: feltCell() } : immediate(someFelt());
  return pick([
    () => ({ Deref: feltCell() }),
    () => ({ Deref: feltCell() }),
    () => immediate(someFelt()),
    () => ({ DoubleDeref: [pointerCell(), below(8)] }),
    () => ({ BinOp: { op: pick(["Add", "Mul"]), a: feltCell(), b } }),
  ])();
};

const pointer = (): unknown =>
  next() < 0.6
    ? { Deref: pointerCell() }
    : { BinOp: { op: "Add", a: pointerCell(), b: immediate(pick([0n, 1n, 2n, P - 1n])) } };

function operand(kind: OperandKind, free: () => number): unknown {
  switch (kind) {
    case "felt":
      return readable();
    case "value":
      return next() < 0.3 ? { Deref: pointerCell() } : readable();
    case "pointer":
      return pointer();
    case "cell":
      return cellAt(next() < 0.97 ? free() : below(24));
    case "ignored":
      return readable();
    case "ignored-cell":
      return cellAt(free());
  }
}

function memory(): unknown[] {
  const cells: unknown[] = [];
  for (let i = 0; i < 24; i++) cells.push(set([STACK, i, someFelt().toString()]));
  for (let i = 24; i < 32; i++) cells.push(set([STACK, i, `${HEAP}:${below(HEAP_CELLS - 8)}`]));
  for (let i = 0; i < HEAP_CELLS; i++) cells.push(set([HEAP, i, someFelt().toString()]));
  return cells;
}

const singleCase = (name: string): Case => {
  let offset = FREE;
  const operands = Object.entries(CASM_HINT_OPERANDS.get(name)!).map(([key, kind]) => [
    key,
    operand(kind, () => offset++),
  ]);
  // Hints that write behind a pointer get room in segment 3.
  if (name === "AssertLeFindSmallArcs") operands[0] = ["range_check_ptr", { Deref: cellAt(32) }];
  // No compiler asks for more; the reference counts in 64 bits, where offsets are doubles here.
  if (name === "AllocConstantSize") operands[0] = ["size", immediate(bits(16))];
  const hint = operands.length === 0 ? name : { [name]: Object.fromEntries(operands) as unknown };
  const steps = [...memory(), set([STACK, 32, "3:0"]), hint];
  if (name === "AssertLeFindSmallArcs")
    steps.push(
      { AssertLeIsFirstArcExcluded: { skip_exclude_a_flag: cellAt(offset++) } },
      { AssertLeIsSecondArcExcluded: { skip_exclude_b_minus_a: cellAt(offset++) } },
    );
  return { segments: 4, ap: AP, fp: FP, steps };
};

/** A dictionary of the entry API, its accesses, and its squashing to the end. */
function dictCase(): Case {
  const [infos, arena, dict] = [2, 3, 4];
  let free = 0;
  const steps: unknown[] = [];
  const put = (value: string): { Deref: unknown } => {
    steps.push(set([STACK, free, value]));
    return { Deref: cellAt(free++) };
  };
  const out = () => cellAt(free++);
  steps.push(set([arena, 0, `${infos}:0`]), set([arena, 1, "0"]), set([arena, 2, "0"]));
  steps.push({ AllocFelt252Dict: { segment_arena_ptr: put(`${arena}:3`) } });
  const keys = Array.from({ length: 1 + below(4) }, someFelt);
  const accesses = Array.from({ length: 1 + below(8) }, () => pick(keys));
  accesses.forEach((key, i) => {
    const at = put(`${dict}:${3 * i}`);
    const k = put(key.toString());
    const value = next() < 0.2 ? put(`${infos}:${i}`) : put(someFelt().toString());
    if (next() < 0.3) {
      steps.push({ Felt252DictRead: { dict_ptr: at, key: k, value_dst: out() } });
      steps.push({ Felt252DictWrite: { dict_ptr: at, key: k, value } });
      steps.push(set([dict, 3 * i, key.toString()]));
    } else {
      steps.push({ Felt252DictEntryInit: { dict_ptr: at, key: k } });
      steps.push(set([dict, 3 * i, key.toString()]));
      const end = put(`${dict}:${3 * i + 3}`);
      steps.push({ Felt252DictEntryUpdate: { dict_ptr: end, value } });
    }
  });
  const end = put(`${dict}:${3 * accesses.length}`);
  steps.push({ GetSegmentArenaIndex: { dict_end_ptr: end, dict_index: out() } });
  steps.push({
    InitSquashData: {
      dict_accesses: put(`${dict}:0`),
      ptr_diff: immediate(BigInt(3 * accesses.length)),
      n_accesses: immediate(BigInt(accesses.length)),
      big_keys: out(),
      first_key: out(),
    },
  });
  const sorted = [...new Set(accesses)].sort((a, b) => (a < b ? -1 : 1));
  sorted.forEach((key, i) => {
    steps.push({ GetCurrentAccessIndex: { range_check_ptr: put(`${arena}:${10 + i}`) } });
    steps.push({ ShouldSkipSquashLoop: { should_skip_loop: out() } });
    for (let n = accesses.filter((other) => other === key).length; n > 1; n--) {
      steps.push({ GetCurrentAccessDelta: { index_delta_minus1: out() } });
      steps.push({ ShouldContinueSquashLoop: { should_continue: out() } });
    }
    // After the last key this fails, in both.
    if (i + 1 < sorted.length || next() < 0.1) steps.push({ GetNextDictKey: { next_key: out() } });
  });
  return { segments: 4, ap: AP, fp: FP, steps };
}

type Gate = readonly [number, number, number];

/** A circuit whose gates take earlier values, with an inverse or difference here and there. */
function circuitCase(): Case {
  const [values, addOffsets, mulOffsets, add, mul] = [2, 3, 4, 5, 6];
  const modulus = pick([7n, 15n, (1n << 256n) - 189n, 1n << 96n, bits(200) + 2n]);
  const steps: unknown[] = [];
  const limbs = (segment: number, at: number, value: bigint) => {
    for (let i = 0; i < 4; i++) {
      const limb = (value >> BigInt(96 * i)) & ((1n << 96n) - 1n);
      steps.push(set([segment, at + i, limb.toString()]));
    }
  };
  let count = 3;
  limbs(values, 0, 1n);
  for (let i = 1; i < 3; i++) limbs(values, 4 * i, bits(250) % modulus);
  const [adds, muls]: [Gate[], Gate[]] = [[], []];
  for (let i = 1 + below(6); i > 0; i--) {
    const [a, b, c] = [below(count), below(count), count++];
    const kind = below(4);
    if (kind === 0) adds.push([a, b, c]);
    else if (kind === 1) muls.push([a, b, c]);
    else if (kind === 2) adds.push([c, a, b]);
    else muls.push([c, a, 0]);
  }
  const table = (segment: number, gates: readonly Gate[]) => {
    gates.flat().forEach((index, i) => {
      steps.push(set([segment, i, (4 * index).toString()]));
    });
  };
  table(addOffsets, adds);
  table(mulOffsets, muls);
  for (const [segment, offsets] of [
    [add, addOffsets],
    [mul, mulOffsets],
  ] as const) {
    limbs(segment, 0, modulus);
    steps.push(set([segment, 4, `${values}:0`]), set([segment, 5, `${offsets}:0`]));
  }
  steps.push(set([STACK, 0, `${add}:0`]), set([STACK, 1, `${mul}:0`]));
  steps.push({
    EvalCircuit: {
      n_add_mods: immediate(BigInt(adds.length)),
      add_mod_builtin: { Deref: cellAt(0) },
      n_mul_mods: immediate(BigInt(muls.length)),
      mul_mod_builtin: { Deref: cellAt(1) },
    },
  });
  return { segments: 7, ap: AP, fp: FP, steps };
}

/** Hints whose outcome depends on nothing but their operands. */
const SINGLE = [
  "AllocSegment",
  "AllocConstantSize",
  "TestLessThan",
  "TestLessThanOrEqual",
  "TestLessThanOrEqualAddress",
  "WideMul128",
  "DivMod",
  "Uint256DivMod",
  "Uint512DivModByUint256",
  "SquareRoot",
  "Uint256SquareRoot",
  "LinearSplit",
  "AssertLeFindSmallArcs",
  "FieldSqrt",
  "U256InvModN",
  "AssertCurrentAccessIndicesIsEmpty",
  "AssertAllAccessesUsed",
  "AssertAllKeysUsed",
  "AssertLeAssertThirdArcExcluded",
  "AssertLtAssertValidInput",
];

export const makeCases = (): Case[] => [
  ...SINGLE.flatMap((name) => Array.from({ length: 40 }, () => singleCase(name))),
  ...Array.from({ length: 60 }, dictCase),
  ...Array.from({ length: 80 }, circuitCase),
];

if (import.meta.main) console.log(JSON.stringify(makeCases()));
