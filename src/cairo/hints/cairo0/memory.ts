/**
 * Cairo 0 hints that allocate, copy and relocate: alloc, memcpy, memset, copy_indices, segments, and entering
 * and leaving scopes (cairo-lang, starkware/cairo/common/{alloc,memcpy,memset,copy_indices,segments}.cairo).
 */
import { type Cairo0Hint, code, flag, type HintLibrary, nondet } from "./library.ts";
import { enterScope, exitScope, ScopeVariable } from "./variables.ts";

/** Steps that a copying loop still has to do. */
const remaining = new ScopeVariable<bigint>("n");

const alloc = nondet(
  () =>
    ({ memory }) =>
      memory.addSegment(),
);

const enter: Cairo0Hint = () => (context) => {
  enterScope(context);
};

const exit: Cairo0Hint = () => (context) => {
  exitScope(context);
};

const enterLoop =
  (count: string): Cairo0Hint =>
  (ids) => {
    const length = ids.felt(count);
    return (context) => {
      enterScope(context, remaining.with(length(context)));
    };
  };

const continueLoop =
  (result: string): Cairo0Hint =>
  (ids) => {
    const dst = ids.writer(result);
    return (context) => {
      const n = remaining.get(context) - 1n;
      remaining.set(context, n);
      dst(context, flag(n > 0n));
    };
  };

const relocate: Cairo0Hint = (ids) => {
  const source = ids.pointer("src_ptr");
  const target = ids.pointer("dest_ptr");
  return (context) => {
    context.memory.addRelocationRule(source(context), target(context));
  };
};

export const memoryHints: HintLibrary = new Map([
  [code`memory[ap] = segments.add()`, alloc],
  [code`vm_enter_scope()`, enter],
  [code`vm_exit_scope()`, exit],
  [code`vm_enter_scope({'n': ids.len})`, enterLoop("len")],
  [code`vm_enter_scope({'n': ids.n})`, enterLoop("n")],
  [
    code`
      n -= 1
      ids.continue_copying = 1 if n > 0 else 0
    `,
    continueLoop("continue_copying"),
  ],
  [
    code`
      n -= 1
      ids.continue_loop = 1 if n > 0 else 0
    `,
    continueLoop("continue_loop"),
  ],
  [code`memory.add_relocation_rule(src_ptr=ids.src_ptr, dest_ptr=ids.dest_ptr)`, relocate],
]);
