/** The guesses of small numbers that hints make. */
import { type Cairo0Hint, nondet } from "../../cairo/hints/cairo0/library.ts";
import type { Ids } from "../../cairo/hints/cairo0/index.ts";
import type { HintContext } from "../../cairo/hints/context.ts";
import type { MemoryValue } from "../../cairo/relocatable.ts";
import { type OsSession, sessionOf } from "./session.ts";

/** The code of `nondet %{ name %}`. */
export const guessCode = (name: string): string => `memory[ap] = to_felt_or_relocatable(${name})`;

/** A hint that guesses one value. */
export const guess = (
  value: (ids: Ids) => (context: HintContext, session: OsSession) => MemoryValue,
): Cairo0Hint =>
  nondet((ids) => {
    const read = value(ids);
    return (context) => read(context, sessionOf(context));
  });

/** Whether an offset from one pointer to another, or a felt, is what a guess is about. */
export const bit = (condition: boolean): bigint => (condition ? 1n : 0n);

const MASK_128 = (1n << 128n) - 1n;

export const lowHalf = (value: bigint): bigint => value & MASK_128;
export const highHalf = (value: bigint): bigint => value >> 128n;
