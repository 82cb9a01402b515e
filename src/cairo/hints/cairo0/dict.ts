/**
 * Cairo 0 hints of dictionaries (cairo-lang, starkware/cairo/common/{dict,default_dict}.cairo and dict.py). The
 * Python variable `__dict_manager` is the run's own set of dictionaries here, the same in every scope.
 */
import type { Felt } from "../../../field/felt.ts";
import { isRelocatable, type MemoryValue, type Relocatable, shift } from "../../relocatable.ts";
import { showValue } from "../../relocatable.ts";
import type { HintContext } from "../context.ts";
import { hintError } from "../errors.ts";
import { FeltMap } from "../felt-map.ts";
import { type DictTracker, stateOf } from "../state.ts";
import { type Cairo0Hint, code, type HintLibrary, nondet } from "./library.ts";
import { enterScope, ScopeVariable } from "./variables.ts";

/** Cells of a DictAccess: key, prev_value, new_value. */
const ACCESS_SIZE = 3;

/** What dict_new starts with; set by the hint before it, or by dict_squash. */
export const initialDict = new ScopeVariable<FeltMap<MemoryValue>>("initial_dict");

const same = (a: MemoryValue, b: MemoryValue): boolean =>
  isRelocatable(a) && isRelocatable(b) ? a.segment === b.segment && a.offset === b.offset : a === b;

/** The dictionary whose log ends at `pointer`. Throws VmError HINT when its log ends elsewhere. */
export function dictAt(context: HintContext, pointer: Relocatable): DictTracker {
  const dict = stateOf(context).dict(pointer);
  if (!same(dict.currentPtr, pointer))
    throw hintError(
      `the dictionary's log ends at ${showValue(dict.currentPtr)}, not at ${showValue(pointer)}`,
    );
  return dict;
}

const read = ({ data, defaultValue }: DictTracker, key: Felt): MemoryValue => {
  const value = data.get(key) ?? defaultValue;
  if (value === undefined) throw hintError(`the dictionary has no key ${key}`);
  return value;
};

const advance = (dict: DictTracker): void => {
  dict.currentPtr = shift(dict.currentPtr, ACCESS_SIZE);
};

const newDict = nondet(() => (context) => {
  const data = initialDict.get(context);
  initialDict.delete(context);
  return stateOf(context).newDict(context.memory, data, undefined, false);
});

const newDefaultDict = nondet((ids) => {
  const defaultValue = ids.value("default_value");
  return (context) =>
    stateOf(context).newDict(context.memory, new FeltMap(), defaultValue(context), false);
});

const dictRead: Cairo0Hint = (ids) => {
  const pointer = ids.pointer("dict_ptr");
  const key = ids.felt("key");
  const dst = ids.writer("value");
  return (context) => {
    const dict = dictAt(context, pointer(context));
    advance(dict);
    dst(context, read(dict, key(context)));
  };
};

const dictWrite: Cairo0Hint = (ids) => {
  const pointer = ids.pointer("dict_ptr");
  const key = ids.felt("key");
  const newValue = ids.value("new_value");
  const previous = ids.writer("dict_ptr.prev_value");
  return (context) => {
    const dict = dictAt(context, pointer(context));
    advance(dict);
    const k = key(context);
    previous(context, read(dict, k));
    dict.data.set(k, newValue(context));
  };
};

const dictUpdate: Cairo0Hint = (ids) => {
  const pointer = ids.pointer("dict_ptr");
  const key = ids.felt("key");
  const previous = ids.value("prev_value");
  const newValue = ids.value("new_value");
  return (context) => {
    const dict = dictAt(context, pointer(context));
    const k = key(context);
    const [current, claimed] = [read(dict, k), previous(context)];
    if (!same(current, claimed))
      throw hintError(
        `dict_update: the value of ${k} is ${showValue(current)}, not ${showValue(claimed)}`,
      );
    dict.data.set(k, newValue(context));
    advance(dict);
  };
};

const peek: Cairo0Hint = (ids) => {
  const pointer = ids.pointer("dict_ptr");
  const key = ids.felt("key");
  const dst = ids.writer("val");
  return (context) => {
    dst(context, read(dictAt(context, pointer(context)), key(context)));
  };
};

const enterSquash: Cairo0Hint = (ids) => {
  const end = ids.pointer("dict_accesses_end");
  return (context) => {
    const { data } = dictAt(context, end(context));
    enterScope(context, initialDict.with(new FeltMap(data)));
  };
};

const finishSquash: Cairo0Hint = (ids) => {
  const start = ids.pointer("squashed_dict_start");
  const end = ids.pointer("squashed_dict_end");
  return (context) => {
    dictAt(context, start(context)).currentPtr = end(context);
  };
};

export const dictHints: HintLibrary = new Map([
  [
    code`
      if '__dict_manager' not in globals():
          from starkware.cairo.common.dict import DictManager
          __dict_manager = DictManager()

      memory[ap] = __dict_manager.new_default_dict(segments, ids.default_value)
    `,
    newDefaultDict,
  ],
  [
    code`
      if '__dict_manager' not in globals():
          from starkware.cairo.common.dict import DictManager
          __dict_manager = DictManager()

      memory[ap] = __dict_manager.new_dict(segments, initial_dict)
      del initial_dict
    `,
    newDict,
  ],
  [
    code`
      dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
      dict_tracker.current_ptr += ids.DictAccess.SIZE
      ids.value = dict_tracker.data[ids.key]
    `,
    dictRead,
  ],
  [
    code`
      dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
      dict_tracker.current_ptr += ids.DictAccess.SIZE
      ids.dict_ptr.prev_value = dict_tracker.data[ids.key]
      dict_tracker.data[ids.key] = ids.new_value
    `,
    dictWrite,
  ],
  [
    code`
      # Verify dict pointer and prev value.
      dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
      current_value = dict_tracker.data[ids.key]
      assert current_value == ids.prev_value, \
          f'Wrong previous value in dict. Got {ids.prev_value}, expected {current_value}.'

      # Update value.
      dict_tracker.data[ids.key] = ids.new_value
      dict_tracker.current_ptr += ids.DictAccess.SIZE
    `,
    dictUpdate,
  ],
  [code`ids.val = __dict_manager.get_dict(ids.dict_ptr)[ids.key]`, peek],
  [
    code`
      # Prepare arguments for dict_new. In particular, the same dictionary values should be copied
      # to the new (squashed) dictionary.
      vm_enter_scope({
          # Make __dict_manager accessible.
          '__dict_manager': __dict_manager,
          # Create a copy of the dict, in case it changes in the future.
          'initial_dict': dict(__dict_manager.get_dict(ids.dict_accesses_end)),
      })
    `,
    enterSquash,
  ],
  [
    code`
      # Update the DictTracker's current_ptr to point to the end of the squashed dict.
      __dict_manager.get_tracker(ids.squashed_dict_start).current_ptr = \
          ids.squashed_dict_end.address_
    `,
    finishSquash,
  ],
]);
