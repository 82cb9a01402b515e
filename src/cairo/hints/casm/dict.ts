/**
 * CASM hints of dictionaries: their allocation, accesses, and the squashing of their logs.
 * Semantics: starkware-libs/cairo, crates/cairo-lang-runner/src/casm_run/{mod,dict_manager}.rs.
 */
import type { Felt } from "../../../field/felt.ts";
import { shift } from "../../relocatable.ts";
import type { HintContext } from "../context.ts";
import { hintError } from "../errors.ts";
import { FeltMap } from "../felt-map.ts";
import { POW_2_128, toCount } from "../numbers.ts";
import { type DictTracker, type SquashData, stateOf } from "../state.ts";
import { defineHint } from "./define.ts";

/** Cells of one access: key, previous value, new value. */
const ACCESS_SIZE = 3;
/** Cells of a dictionary's record in the segment arena's infos: start, end, squashing index. */
const INFO_SIZE = 3;

const allocFelt252Dict = defineHint(
  { segment_arena_ptr: "pointer" },
  ({ segment_arena_ptr: arenaPtr }) =>
    (context) => {
      const { memory } = context;
      const arena = arenaPtr(context);
      const count = toCount(memory.felt(shift(arena, -2)), "the number of dictionaries");
      const infos = memory.pointer(shift(arena, -3));
      const start = stateOf(context).newDict(memory, new FeltMap(), 0n);
      memory.set(shift(infos, INFO_SIZE * count), start);
    },
);

const read = ({ data, defaultValue = 0n }: DictTracker, key: Felt) => data.get(key) ?? defaultValue;

const felt252DictEntryInit = defineHint(
  { dict_ptr: "pointer", key: "felt" },
  ({ dict_ptr: dictPtr, key }) =>
    (context) => {
      const access = dictPtr(context);
      const dict = stateOf(context).dict(access);
      context.memory.set(shift(access, 1), read(dict, key(context)));
    },
);

const felt252DictEntryUpdate = defineHint(
  { dict_ptr: "pointer", value: "value" },
  ({ dict_ptr: dictPtr, value }) =>
    (context) => {
      const end = dictPtr(context);
      const key = context.memory.felt(shift(end, -ACCESS_SIZE));
      stateOf(context).dict(end).data.set(key, value(context));
    },
);

const felt252DictRead = defineHint(
  { dict_ptr: "pointer", key: "felt", value_dst: "cell" },
  ({ dict_ptr: dictPtr, key, value_dst: dst }) =>
    (context) => {
      const dict = stateOf(context).dict(dictPtr(context));
      dst(context, read(dict, key(context)));
    },
);

const felt252DictWrite = defineHint(
  { dict_ptr: "pointer", key: "felt", value: "value" },
  (o) => (context) => {
    const access = o.dict_ptr(context);
    const dict = stateOf(context).dict(access);
    const key = o.key(context);
    const value = o.value(context);
    context.memory.set(shift(access, 1), read(dict, key));
    dict.data.set(key, value);
  },
);

const getSegmentArenaIndex = defineHint(
  { dict_end_ptr: "pointer", dict_index: "cell" },
  ({ dict_end_ptr: dictEnd, dict_index: dst }) =>
    (context) => {
      dst(context, BigInt(stateOf(context).dict(dictEnd(context)).index));
    },
);

const descending = (a: Felt, b: Felt): number => (a > b ? -1 : a < b ? 1 : 0);

function currentKey({ keys }: SquashData): Felt {
  const key = keys.at(-1);
  if (key === undefined) throw hintError("every key has been squashed");
  return key;
}

const initSquashData = defineHint(
  {
    dict_accesses: "pointer",
    ptr_diff: "ignored",
    n_accesses: "felt",
    big_keys: "cell",
    first_key: "cell",
  },
  (o) => (context) => {
    const start = o.dict_accesses(context);
    const count = toCount(o.n_accesses(context), "the number of accesses");
    const accesses = new FeltMap<number[]>();
    // Reading stops with an error at the first cell without a key, however large the count claims to be.
    for (let i = 0; i < count; i++) {
      const key = context.memory.felt(shift(start, i * ACCESS_SIZE));
      const indices = accesses.get(key);
      if (indices === undefined) accesses.set(key, [i]);
      else indices.push(i);
    }
    for (const [, indices] of accesses) indices.reverse();
    const keys = accesses.keys().sort(descending);
    const squash = { keys, accesses };
    stateOf(context).squash = squash;
    o.big_keys(context, keys.some((key) => key >= POW_2_128) ? 1n : 0n);
    o.first_key(context, currentKey(squash));
  },
);

function squashOf(context: HintContext): SquashData {
  const { squash } = stateOf(context);
  if (squash === undefined) throw hintError("no InitSquashData came before");
  return squash;
}

const currentIndices = (squash: SquashData): number[] =>
  squash.accesses.get(currentKey(squash)) ?? [];

function last(indices: readonly number[]): number {
  const index = indices.at(-1);
  if (index === undefined) throw hintError("every access of the key has been squashed");
  return index;
}

const getCurrentAccessIndex = defineHint(
  { range_check_ptr: "pointer" },
  ({ range_check_ptr: rangeCheckPtr }) =>
    (context) => {
      const index = last(currentIndices(squashOf(context)));
      context.memory.set(rangeCheckPtr(context), BigInt(index));
    },
);

const shouldSkipSquashLoop = defineHint(
  { should_skip_loop: "cell" },
  ({ should_skip_loop: dst }) =>
    (context) => {
      dst(context, currentIndices(squashOf(context)).length > 1 ? 0n : 1n);
    },
);

const getCurrentAccessDelta = defineHint(
  { index_delta_minus1: "cell" },
  ({ index_delta_minus1: dst }) =>
    (context) => {
      const indices = currentIndices(squashOf(context));
      const previous = last(indices);
      indices.pop();
      dst(context, BigInt(last(indices) - previous - 1));
    },
);

const shouldContinueSquashLoop = defineHint(
  { should_continue: "cell" },
  ({ should_continue: dst }) =>
    (context) => {
      dst(context, currentIndices(squashOf(context)).length > 1 ? 1n : 0n);
    },
);

const getNextDictKey = defineHint({ next_key: "cell" }, ({ next_key: dst }) => (context) => {
  const squash = squashOf(context);
  if (currentIndices(squash).length !== 1)
    throw hintError("GetNextDictKey: the key still has accesses to squash");
  squash.keys.pop();
  dst(context, currentKey(squash));
});

export const dictHints = {
  AllocFelt252Dict: allocFelt252Dict,
  Felt252DictEntryInit: felt252DictEntryInit,
  Felt252DictEntryUpdate: felt252DictEntryUpdate,
  GetSegmentArenaIndex: getSegmentArenaIndex,
  InitSquashData: initSquashData,
  GetCurrentAccessIndex: getCurrentAccessIndex,
  ShouldSkipSquashLoop: shouldSkipSquashLoop,
  GetCurrentAccessDelta: getCurrentAccessDelta,
  ShouldContinueSquashLoop: shouldContinueSquashLoop,
  GetNextDictKey: getNextDictKey,
  Felt252DictRead: felt252DictRead,
  Felt252DictWrite: felt252DictWrite,
};
