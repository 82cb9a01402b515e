/** Cairo 0 hints of squash_dict (cairo-lang, starkware/cairo/common/squash_dict.cairo). */
import type { Felt } from "../../../field/felt.ts";
import { shift } from "../../relocatable.ts";
import { hintError } from "../errors.ts";
import { FeltMap } from "../felt-map.ts";
import { POW_2_128, toCount } from "../numbers.ts";
import { type Cairo0Hint, code, flag, type HintLibrary } from "./library.ts";
import { ScopeVariable } from "./variables.ts";

/** Indices of each key's accesses, in their order. */
const accessIndices = new ScopeVariable<FeltMap<number[]>>("access_indices");
/** Keys still to come, in descending order. */
const remainingKeys = new ScopeVariable<Felt[]>("keys");
const currentKey = new ScopeVariable<Felt>("key");
/** Indices of the current key's accesses still to come, in descending order. */
const currentIndices = new ScopeVariable<number[]>("current_access_indices");
const currentIndex = new ScopeVariable<number>("current_access_index");
const maxSize = new ScopeVariable<bigint>("__squash_dict_max_size");

function pop<T>(items: T[], what: string): T {
  const item = items.pop();
  if (item === undefined) throw hintError(`squash_dict: no ${what} is left`);
  return item;
}

const collectAccesses: Cairo0Hint = (ids) => {
  const accessSize = ids.constant("DictAccess.SIZE");
  const start = ids.pointer("dict_accesses");
  const ptrDiff = ids.felt("ptr_diff");
  const accessCount = ids.felt("n_accesses");
  const bigKeys = ids.writer("big_keys");
  const firstKey = ids.writer("first_key");
  return (context) => {
    if (ptrDiff(context) % accessSize !== 0n)
      throw hintError("squash_dict: the log does not hold whole accesses");
    const count = accessCount(context);
    const limit = maxSize.peek(context);
    if (limit !== undefined && count > limit)
      throw hintError(`squash_dict: ${count} accesses, more than ${limit}`);
    const indices = new FeltMap<number[]>();
    const log = start(context);
    // Reading stops with an error at the first cell without a key, however large the count claims to be.
    for (let i = 0; i < toCount(count, "n_accesses"); i++) {
      const key = context.memory.felt(shift(log, Number(accessSize) * i));
      const list = indices.get(key);
      if (list === undefined) indices.set(key, [i]);
      else list.push(i);
    }
    const keys = indices.keys().sort((a, b) => (a > b ? -1 : 1));
    const big = keys.some((key) => key >= POW_2_128);
    const first = pop(keys, "key");
    bigKeys(context, flag(big));
    firstKey(context, first);
    accessIndices.set(context, indices);
    remainingKeys.set(context, keys);
    currentKey.set(context, first);
  };
};

const firstAccess: Cairo0Hint = (ids) => {
  const rangeCheckPtr = ids.pointer("range_check_ptr");
  return (context) => {
    const indices = accessIndices.get(context).get(currentKey.get(context)) ?? [];
    const descending = indices.toReversed();
    const index = pop(descending, "access");
    currentIndices.set(context, descending);
    currentIndex.set(context, index);
    context.memory.set(rangeCheckPtr(context), BigInt(index));
  };
};

const shouldSkipLoop: Cairo0Hint = (ids) => {
  const dst = ids.writer("should_skip_loop");
  return (context) => {
    dst(context, flag(currentIndices.get(context).length === 0));
  };
};

const nextAccess: Cairo0Hint = (ids) => {
  const dst = ids.writer("loop_temps.index_delta_minus1");
  return (context) => {
    const index = pop(currentIndices.get(context), "access");
    dst(context, BigInt(index - currentIndex.get(context) - 1));
    currentIndex.set(context, index);
  };
};

const shouldContinue: Cairo0Hint = (ids) => {
  const dst = ids.writer("loop_temps.should_continue");
  return (context) => {
    dst(context, flag(currentIndices.get(context).length > 0));
  };
};

const assertKeyDone: Cairo0Hint = () => (context) => {
  if (currentIndices.get(context).length > 0)
    throw hintError("squash_dict: the key still has accesses");
};

const assertAccessCount: Cairo0Hint = (ids) => {
  const used = ids.felt("n_used_accesses");
  return (context) => {
    const indices = accessIndices.get(context).get(currentKey.get(context)) ?? [];
    if (used(context) !== BigInt(indices.length))
      throw hintError(`squash_dict: ${indices.length} accesses, ${used(context)} were used`);
  };
};

const assertKeysDone: Cairo0Hint = () => (context) => {
  if (remainingKeys.get(context).length > 0) throw hintError("squash_dict: keys are left");
};

const nextKey: Cairo0Hint = (ids) => {
  const dst = ids.writer("next_key");
  return (context) => {
    const key = pop(remainingKeys.get(context), "key");
    currentKey.set(context, key);
    dst(context, key);
  };
};

export const squashDictHints: HintLibrary = new Map([
  [
    code`
      dict_access_size = ids.DictAccess.SIZE
      address = ids.dict_accesses.address_
      assert ids.ptr_diff % dict_access_size == 0, \
          'Accesses array size must be divisible by DictAccess.SIZE'
      n_accesses = ids.n_accesses
      if '__squash_dict_max_size' in globals():
          assert n_accesses <= __squash_dict_max_size, \
              f'squash_dict() can only be used with n_accesses<={__squash_dict_max_size}. ' \
              f'Got: n_accesses={n_accesses}.'
      # A map from key to the list of indices accessing it.
      access_indices = {}
      for i in range(n_accesses):
          key = memory[address + dict_access_size * i]
          access_indices.setdefault(key, []).append(i)
      # Descending list of keys.
      keys = sorted(access_indices.keys(), reverse=True)
      # Are the keys used bigger than range_check bound.
      ids.big_keys = 1 if keys[0] >= range_check_builtin.bound else 0
      ids.first_key = key = keys.pop()
    `,
    collectAccesses,
  ],
  [
    code`
      current_access_indices = sorted(access_indices[key])[::-1]
      current_access_index = current_access_indices.pop()
      memory[ids.range_check_ptr] = current_access_index
    `,
    firstAccess,
  ],
  [code`ids.should_skip_loop = 0 if current_access_indices else 1`, shouldSkipLoop],
  [
    code`
      new_access_index = current_access_indices.pop()
      ids.loop_temps.index_delta_minus1 = new_access_index - current_access_index - 1
      current_access_index = new_access_index
    `,
    nextAccess,
  ],
  [code`ids.loop_temps.should_continue = 1 if current_access_indices else 0`, shouldContinue],
  [code`assert len(current_access_indices) == 0`, assertKeyDone],
  [code`assert ids.n_used_accesses == len(access_indices[key])`, assertAccessCount],
  [code`assert len(keys) == 0`, assertKeysDone],
  [
    code`
      assert len(keys) > 0, 'No keys left but remaining_accesses > 0.'
      ids.next_key = key = keys.pop()
    `,
    nextKey,
  ],
]);
