/** Execution scopes of Cairo 0 hints: the variables that hints leave for one another. */
import { hintError } from "./errors.ts";

/**
 * A stack of variable sets; hints see the innermost only, as Python hints see their globals
 * (cairo-lang, vm_enter_scope and vm_exit_scope).
 */
export class Scopes {
  readonly #stack: Map<string, unknown>[] = [new Map()];

  get current(): Map<string, unknown> {
    return this.#stack[this.#stack.length - 1]!;
  }

  /** How many scopes are open besides the main one; 0 at the proper end of a run. */
  get depth(): number {
    return this.#stack.length - 1;
  }

  enter(variables: Iterable<readonly [string, unknown]> = []): void {
    this.#stack.push(new Map(variables));
  }

  /** Throws VmError HINT when only the main scope is open. */
  exit(): void {
    if (this.#stack.length === 1) throw hintError("vm_exit_scope: no scope is open");
    this.#stack.pop();
  }
}
