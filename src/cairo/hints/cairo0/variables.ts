/** How Cairo 0 hints use the execution scopes of a run. */
import type { HintContext } from "../context.ts";
import { hintError } from "../errors.ts";
import { stateOf } from "../state.ts";

/** A variable that some hints set and others read, under the name the Python hints give it. */
export class ScopeVariable<T> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  peek(context: HintContext): T | undefined {
    return stateOf(context).scopes.current.get(this.name) as T | undefined;
  }

  /** Throws VmError HINT when the innermost scope has no such variable. */
  get(context: HintContext): T {
    const value = this.peek(context);
    if (value === undefined) throw hintError(`the variable ${this.name} is not set in this scope`);
    return value;
  }

  set(context: HintContext, value: T): void {
    stateOf(context).scopes.current.set(this.name, value);
  }

  delete(context: HintContext): void {
    stateOf(context).scopes.current.delete(this.name);
  }

  /** An entry for {@link Scopes.enter}. */
  with(value: T): readonly [string, T] {
    return [this.name, value];
  }
}

export const enterScope = (
  context: HintContext,
  ...variables: (readonly [string, unknown])[]
): void => {
  stateOf(context).scopes.enter(variables);
};

export const exitScope = (context: HintContext): void => {
  stateOf(context).scopes.exit();
};
