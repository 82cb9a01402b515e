/** Cairo 0 hints that search and sort arrays (cairo-lang, starkware/cairo/common/{find_element,set,usort}.cairo). */
import type { Felt } from "../../../field/felt.ts";
import { type Relocatable, shift } from "../../relocatable.ts";
import type { HintContext, MemoryView } from "../context.ts";
import { hintError } from "../errors.ts";
import { FeltMap } from "../felt-map.ts";
import { toCount } from "../numbers.ts";
import type { Reader } from "../operands.ts";
import { type Cairo0Hint, code, flag, type HintLibrary } from "./library.ts";
import type { Ids } from "./ids.ts";
import { enterScope, ScopeVariable } from "./variables.ts";

const foundIndex = new ScopeVariable<bigint>("__find_element_index");
const maxElements = new ScopeVariable<bigint>("__find_element_max_size");

interface Elements {
  readonly start: Relocatable;
  readonly size: number;
  readonly count: number;
}

/** The array that ids.array_ptr, elm_size and n_elms describe. */
function elementsReader(ids: Ids): Reader<Elements> {
  const start = ids.pointer("array_ptr");
  const elementSize = ids.felt("elm_size");
  const elementCount = ids.felt("n_elms");
  return (context) => {
    const size = toCount(elementSize(context), "elm_size");
    if (size === 0) throw hintError("find_element: elements have no cells");
    const limit = maxElements.peek(context);
    if (limit !== undefined && elementCount(context) > limit)
      throw hintError(`find_element: ${elementCount(context)} elements, more than ${limit}`);
    return { start: start(context), size, count: toCount(elementCount(context), "n_elms") };
  };
}

const findElement: Cairo0Hint = (ids) => {
  const elements = elementsReader(ids);
  const wanted = ids.felt("key");
  const index = ids.writer("index");
  return (context) => {
    const { start, size, count } = elements(context);
    const key = wanted(context);
    const keyAt = (i: number): Felt => context.memory.felt(shift(start, size * i));
    const hinted = foundIndex.peek(context);
    if (hinted !== undefined) {
      foundIndex.delete(context);
      if (keyAt(toCount(hinted, "__find_element_index")) !== key)
        throw hintError(`find_element: the key at ${hinted} is not ${key}`);
      index(context, hinted);
      return;
    }
    for (let i = 0; i < count; i++) {
      if (keyAt(i) !== key) continue;
      index(context, BigInt(i));
      return;
    }
    throw hintError(`find_element: the key ${key} is not there`);
  };
};

/** The index of the first element whose key is at least `key`, or their number. */
function lowerBound({ memory }: HintContext, { start, size, count }: Elements, key: Felt): number {
  for (let i = 0; i < count; i++) if (memory.felt(shift(start, size * i)) >= key) return i;
  return count;
}

const searchSortedLower: Cairo0Hint = (ids) => {
  const elements = elementsReader(ids);
  const key = ids.felt("key");
  const index = ids.writer("index");
  return (context) => {
    index(context, BigInt(lowerBound(context, elements(context), key(context))));
  };
};

const searchSortedOptimistic: Cairo0Hint = (ids) => {
  const elements = elementsReader(ids);
  const wanted = ids.felt("key");
  const index = ids.writer("index");
  const exists = ids.writer("exists");
  return (context) => {
    const array = elements(context);
    const key = wanted(context);
    const i = lowerBound(context, array, key);
    index(context, BigInt(i));
    const found =
      i < array.count && context.memory.felt(shift(array.start, array.size * i)) === key;
    exists(context, flag(found));
  };
};

const sameCells = (memory: MemoryView, at: Relocatable, values: readonly Felt[]): boolean =>
  values.every((value, i) => memory.felt(shift(at, i)) === value);

const setAdd: Cairo0Hint = (ids) => {
  const elementSize = ids.felt("elm_size");
  const element = ids.pointer("elm_ptr");
  const setStart = ids.pointer("set_ptr");
  const setEnd = ids.pointer("set_end_ptr");
  const index = ids.writer("index");
  const isIn = ids.writer("is_elm_in_set");
  return (context) => {
    const { memory } = context;
    const size = toCount(elementSize(context), "elm_size");
    const [start, end] = [setStart(context), setEnd(context)];
    if (size === 0 || start.segment !== end.segment || start.offset > end.offset)
      throw hintError("set_add: the set is malformed");
    const values = memory.felts(element(context), size);
    const length = end.offset - start.offset;
    for (let i = 0; i < length; i += size) {
      if (!sameCells(memory, shift(start, i), values)) continue;
      index(context, BigInt(i / size));
      isIn(context, 1n);
      return;
    }
    isIn(context, 0n);
  };
};

const maxSortSize = new ScopeVariable<bigint>("__usort_max_size");
const positionsByValue = new ScopeVariable<FeltMap<number[]>>("positions_dict");
/** Positions of the value being verified, in descending order. */
const positions = new ScopeVariable<number[]>("positions");
const lastPosition = new ScopeVariable<number>("last_pos");

const enterSort: Cairo0Hint = () => (context) => {
  const limit = maxSortSize.peek(context);
  enterScope(context, ...(limit === undefined ? [] : [maxSortSize.with(limit)]));
};

function newArray(memory: MemoryView, values: readonly Felt[]): Relocatable {
  const start = memory.addSegment();
  memory.write(start, values);
  return start;
}

const sort: Cairo0Hint = (ids) => {
  const input = ids.pointer("input");
  const inputLength = ids.felt("input_len");
  const outputLength = ids.writer("output_len");
  const output = ids.writer("output");
  const multiplicities = ids.writer("multiplicities");
  return (context) => {
    const { memory } = context;
    const start = input(context);
    const length = inputLength(context);
    const limit = maxSortSize.peek(context);
    if (limit !== undefined && length > limit)
      throw hintError(`usort: ${length} values, more than ${limit}`);
    const byValue = new FeltMap<number[]>();
    for (let i = 0; i < toCount(length, "input_len"); i++) {
      const value = memory.felt(shift(start, i));
      const list = byValue.get(value);
      if (list === undefined) byValue.set(value, [i]);
      else list.push(i);
    }
    const values = byValue.keys().sort((a, b) => (a < b ? -1 : 1));
    outputLength(context, BigInt(values.length));
    output(context, newArray(memory, values));
    multiplicities(
      context,
      newArray(
        memory,
        values.map((value) => BigInt(byValue.get(value)?.length ?? 0)),
      ),
    );
    positionsByValue.set(context, byValue);
  };
};

const startMultiplicity: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  return (context) => {
    lastPosition.set(context, 0);
    const list = positionsByValue.get(context).get(value(context)) ?? [];
    positions.set(context, list.toReversed());
  };
};

const assertMultiplicityDone: Cairo0Hint = () => (context) => {
  if (positions.get(context).length > 0) throw hintError("usort: the value has more positions");
};

const nextPosition: Cairo0Hint = (ids) => {
  const dst = ids.writer("next_item_index");
  return (context) => {
    const position = positions.get(context).pop();
    if (position === undefined) throw hintError("usort: the value has no position left");
    const last = lastPosition.get(context);
    dst(context, BigInt(position - last));
    lastPosition.set(context, position + 1);
  };
};

export const searchHints: HintLibrary = new Map([
  [
    code`
      array_ptr = ids.array_ptr
      elm_size = ids.elm_size
      assert isinstance(elm_size, int) and elm_size > 0, \
          f'Invalid value for elm_size. Got: {elm_size}.'
      key = ids.key

      if '__find_element_index' in globals():
          ids.index = __find_element_index
          found_key = memory[array_ptr + elm_size * __find_element_index]
          assert found_key == key, \
              f'Invalid index found in __find_element_index. index: {__find_element_index}, ' \
              f'expected key {key}, found key: {found_key}.'
          # Delete __find_element_index to make sure it's not used for the next calls.
          del __find_element_index
      else:
          n_elms = ids.n_elms
          assert isinstance(n_elms, int) and n_elms >= 0, \
              f'Invalid value for n_elms. Got: {n_elms}.'
          if '__find_element_max_size' in globals():
              assert n_elms <= __find_element_max_size, \
                  f'find_element() can only be used with n_elms<={__find_element_max_size}. ' \
                  f'Got: n_elms={n_elms}.'

          for i in range(n_elms):
              if memory[array_ptr + elm_size * i] == key:
                  ids.index = i
                  break
          else:
              raise ValueError(f'Key {key} was not found.')
    `,
    findElement,
  ],
  [
    code`
      array_ptr = ids.array_ptr
      elm_size = ids.elm_size
      assert isinstance(elm_size, int) and elm_size > 0, \
          f'Invalid value for elm_size. Got: {elm_size}.'

      n_elms = ids.n_elms
      assert isinstance(n_elms, int) and n_elms >= 0, \
          f'Invalid value for n_elms. Got: {n_elms}.'
      if '__find_element_max_size' in globals():
          assert n_elms <= __find_element_max_size, \
              f'find_element() can only be used with n_elms<={__find_element_max_size}. ' \
              f'Got: n_elms={n_elms}.'

      for i in range(n_elms):
          if memory[array_ptr + elm_size * i] >= ids.key:
              ids.index = i
              break
      else:
          ids.index = n_elms
    `,
    searchSortedLower,
  ],
  [
    code`
      array_ptr = ids.array_ptr
      elm_size = ids.elm_size
      assert isinstance(elm_size, int) and elm_size > 0, \
          f'Invalid value for elm_size. Got: {elm_size}.'

      n_elms = ids.n_elms
      assert isinstance(n_elms, int) and n_elms >= 0, \
          f'Invalid value for n_elms. Got: {n_elms}.'
      if '__find_element_max_size' in globals():
          assert n_elms <= __find_element_max_size, \
              f'find_element() can only be used with n_elms<={__find_element_max_size}. ' \
              f'Got: n_elms={n_elms}.'

      for i in range(n_elms):
          if memory[array_ptr + elm_size * i] >= ids.key:
              ids.index = i
              ids.exists = 1 if memory[array_ptr + elm_size * i] == ids.key else 0
              break
      else:
          ids.index = n_elms
          ids.exists = 0
    `,
    searchSortedOptimistic,
  ],
  [
    code`
      assert ids.elm_size > 0
      assert ids.set_ptr <= ids.set_end_ptr
      elm_list = memory.get_range(ids.elm_ptr, ids.elm_size)
      for i in range(0, ids.set_end_ptr - ids.set_ptr, ids.elm_size):
          if memory.get_range(ids.set_ptr + i, ids.elm_size) == elm_list:
              ids.index = i // ids.elm_size
              ids.is_elm_in_set = 1
              break
      else:
          ids.is_elm_in_set = 0
    `,
    setAdd,
  ],
  [code`vm_enter_scope(dict(__usort_max_size = globals().get('__usort_max_size')))`, enterSort],
  [
    code`
      from collections import defaultdict

      input_ptr = ids.input
      input_len = int(ids.input_len)
      if __usort_max_size is not None:
          assert input_len <= __usort_max_size, (
              f"usort() can only be used with input_len<={__usort_max_size}. "
              f"Got: input_len={input_len}."
          )

      positions_dict = defaultdict(list)
      for i in range(input_len):
          val = memory[input_ptr + i]
          positions_dict[val].append(i)

      output = sorted(positions_dict.keys())
      ids.output_len = len(output)
      ids.output = segments.gen_arg(output)
      ids.multiplicities = segments.gen_arg([len(positions_dict[k]) for k in output])
    `,
    sort,
  ],
  [
    code`
      last_pos = 0
      positions = positions_dict[ids.value][::-1]
    `,
    startMultiplicity,
  ],
  [code`assert len(positions) == 0`, assertMultiplicityDone],
  [
    code`
      current_pos = positions.pop()
      ids.next_item_index = current_pos - last_pos
      last_pos = current_pos + 1
    `,
    nextPosition,
  ],
]);
