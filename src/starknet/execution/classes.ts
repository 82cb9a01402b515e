/** Looks up the class of a call. */
import type { Felt } from "../../field/felt.ts";
import { toPaddedHex } from "../../util/hex.ts";
import type { ExecutionContext } from "./context.ts";
import type { RunnableClass } from "./environment.ts";

/** The class, if the state has declared it. */
export const declaredClass = (
  context: ExecutionContext,
  classHash: Felt,
): RunnableClass | undefined =>
  context.state.compiledClassHash(classHash) === 0n
    ? undefined
    : context.env.classes.runnable(classHash);

export const notDeclared = (classHash: Felt): string =>
  `Class with hash ${toPaddedHex(classHash, 32)} is not declared.`;
