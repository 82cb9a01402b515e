/** Memory addresses and values of a run: felts, or pointers into a segment (Cairo paper §8, segments). */
import type { Felt } from "../field/felt.ts";

/** `segment:offset`. Negative segments are temporary ones, replaced by relocation rules at the end of a run. */
export interface Relocatable {
  readonly segment: number;
  readonly offset: number;
}

export type MemoryValue = Felt | Relocatable;

export const isRelocatable = (value: MemoryValue | undefined): value is Relocatable =>
  typeof value === "object";

/** `pointer + delta`; an offset below zero is left for the memory to refuse. */
export const shift = (pointer: Relocatable, delta: number): Relocatable => ({
  segment: pointer.segment,
  offset: pointer.offset + delta,
});

export const showValue = (value: MemoryValue): string =>
  isRelocatable(value) ? `${value.segment}:${value.offset}` : value.toString();
