/** Hints of compiled Cairo 0 programs: the common library's, and how to compile a program's with them. */
import { dictHints } from "./dict.ts";
import { ecHints } from "./ec.ts";
import { hashHints } from "./hash.ts";
import { composeHints, type HintLibrary } from "./library.ts";
import { mathHints } from "./math.ts";
import { memoryHints } from "./memory.ts";
import { patriciaHints } from "./patricia.ts";
import { searchHints } from "./search.ts";
import { squashDictHints } from "./squash-dict.ts";
import { uint256Hints } from "./uint256.ts";

export { type Cairo0Hint, code, compileCairo0Hints, composeHints } from "./library.ts";
export type { HintLibrary } from "./library.ts";
export type { Ids } from "./ids.ts";

/** Hints of starkware.cairo.common in cairo-lang 0.14.0.1; compose them with a program's own. */
export const commonHints: HintLibrary = composeHints(
  memoryHints,
  dictHints,
  squashDictHints,
  searchHints,
  mathHints,
  uint256Hints,
  hashHints,
  ecHints,
  patriciaHints,
);
