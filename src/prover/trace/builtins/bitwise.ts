/**
 * The bitwise builtin. The words of unused instances' x and y run through all diluted words, of which the pool must contain
 * each, until all are there; then x = y = 0.
 */
import { chunkShifts } from "../../air/components/bitwise.ts";
import { type BitwisePlacement, virtual } from "../../air/layout.ts";
import { ProverError } from "../../errors.ts";
import { dilute } from "../pools.ts";
import { addressIn, type BuiltinContext, isUsed, segmentOf } from "./context.ts";

const BITS = 251n;

export function writeBitwise(context: BuiltinContext, at: BitwisePlacement): void {
  const { table, layout, memory, pool } = context;
  const accumulator = at.accumulator && virtual(at.accumulator);
  const placement = layout.diluted!;
  const diluted = context.diluted!;
  const segment = segmentOf(context, "bitwise", 5, at.ratio);
  const shifts = chunkShifts(placement);
  // The places of a diluted word that starts at bit 0.
  const mask = Array.from({ length: placement.bits }, (_, i) => i * placement.spacing).reduce(
    (bits, place) => bits | (1n << BigInt(place)),
    0n,
  );
  const highest = shifts.length - placement.spacing;
  const { bits, spacing } = placement;
  const whole = shifts.filter((shift) => BigInt(shift + spacing * (bits - 1)) < BITS);
  let placed = 0;
  const filler = (): bigint =>
    whole.reduce(
      (value, shift) =>
        placed >> bits > 0 ? value : value | (dilute(placed++, spacing) << BigInt(shift)),
      0n,
    );
  for (let i = 0; i < segment.instances; i++) {
    const [x, y] = isUsed(memory, segment, i)
      ? [memory.get(addressIn(segment, i, 0)), memory.get(addressIn(segment, i, 1))]
      : [filler(), filler()];
    if (x >> BITS !== 0n || y >> BITS !== 0n)
      throw new ProverError("INVALID_RUN", `bitwise: instance ${i} has more than 251 bits`);
    const vars = [x, y, x & y, x ^ y];
    [...vars, x | y].forEach((value, cell) => {
      const address = addressIn(segment, i, cell);
      memory.set(address, value);
      if (cell < vars.length) pool.place(at.varPool, i * vars.length + cell, address);
      else pool.place(at.xOrY, i, address);
    });
    vars.forEach((value, v) => {
      let sum = 0n;
      shifts.forEach((shift, word) => {
        const row = (i * vars.length + v) * shifts.length + word;
        const chunk = (value >> BigInt(shift)) & mask;
        diluted.place(at.chunks, row, chunk);
        if (accumulator === undefined) return;
        table.set(accumulator, row, sum);
        sum += chunk << BigInt(shift);
      });
    });
    at.trims.forEach((trim, s) => {
      const shift = shifts[highest + s]!;
      const word = ((x | y) >> BigInt(shift)) & mask;
      const places = [];
      for (let bit = shift; bit < 256; bit += placement.spacing) places.push(bit);
      const surplus = places.filter((bit) => bit >= Number(BITS)).length;
      diluted.place(trim, i, word << BigInt(placement.spacing * surplus));
    });
  }
}
