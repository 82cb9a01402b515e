/**
 * The range-check builtin. Unused instances check numbers whose parts run through the values that the pool must
 * contain.
 */
import { virtual } from "../../air/layout.ts";
import { ProverError } from "../../errors.ts";
import { addressIn, type BuiltinContext, segmentOf } from "./context.ts";

const BITS = 128;

export function writeRangeCheckBuiltin(context: BuiltinContext): void {
  const { table, layout, memory, pool, rangeChecks } = context;
  const { rangeCheckBuiltin: at, rangeCheck } = layout;
  const segment = segmentOf(context, "range_check", 1, at.ratio);
  const parts = BITS / rangeCheck.bits;
  const mask = (1n << BigInt(rangeCheck.bits)) - 1n;
  const accumulator = at.accumulator && virtual(at.accumulator);
  const { min, max } = context.limits;
  const filler = (instance: number): bigint => {
    let value = 0n;
    for (let part = 0; part < parts; part++)
      value =
        (value << BigInt(rangeCheck.bits)) |
        BigInt(min + ((instance * parts + part) % (max - min + 1)));
    return value;
  };
  for (let i = 0; i < segment.instances; i++) {
    const address = addressIn(segment, i, 0);
    const value = memory.has(address) ? memory.get(address) : filler(i);
    if (value >> BigInt(BITS) !== 0n)
      throw new ProverError(
        "INVALID_RUN",
        `range check: ${value} at ${address} is not below 2^128`,
      );
    memory.set(address, value);
    pool.place(at.memory, i, address);
    for (let part = 0; part < parts; part++) {
      const shift = BigInt(rangeCheck.bits * (parts - 1 - part));
      if (accumulator !== undefined)
        table.set(accumulator, i * parts + part, value >> (shift + BigInt(rangeCheck.bits)));
      rangeChecks.place(at.parts, i * parts + part, Number((value >> shift) & mask));
    }
  }
}
