/**
 * Hints of old compilers that assert what the code after them proves anyway. They do nothing, as in
 * starkware-libs/cairo, `execute_deprecated_hint`, so that a run fails in the code and not in the hint.
 */
import { defineHint } from "./define.ts";

const nothing = (): void => undefined;

export const deprecatedHints = {
  AssertCurrentAccessIndicesIsEmpty: defineHint({}, () => nothing),
  AssertAllAccessesUsed: defineHint({ n_used_accesses: "ignored-cell" }, () => nothing),
  AssertAllKeysUsed: defineHint({}, () => nothing),
  AssertLeAssertThirdArcExcluded: defineHint({}, () => nothing),
  AssertLtAssertValidInput: defineHint({ a: "ignored", b: "ignored" }, () => nothing),
};
