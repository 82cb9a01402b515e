/** Poseidon; unused instances hash (0, 0, 0). */
import type { Felt } from "../../../field/felt.ts";
import { mul } from "../../../field/felt.ts";
import {
  LANE0_ROUNDS,
  LANE1_START,
  poseidonRounds,
  poseidonSlots,
  type PoseidonRounds,
  type State,
} from "../../air/components/poseidon.ts";
import type { Placement, PoseidonPlacement } from "../../air/layout.ts";
import { addressIn, type BuiltinContext, segmentOf, writeRows } from "./context.ts";

const CELLS = 6;

export function writePoseidon(context: BuiltinContext, at: PoseidonPlacement): void {
  const { table, layout, memory, pool } = context;
  const segment = segmentOf(context, "poseidon", CELLS, at.ratio);
  const rows = at.ratio * layout.rowsPerStep;
  const slots = poseidonSlots(at);
  const done = new Map<string, PoseidonRounds>();
  for (let i = 0; i < segment.instances; i++) {
    const input = [0, 1, 2].map((cell) => memory.get(addressIn(segment, i, cell)));
    const key = input.join();
    let rounds = done.get(key);
    if (rounds === undefined) {
      rounds = poseidonRounds(input as unknown as State);
      done.set(key, rounds);
    }
    const write = (placement: Placement, squared: Placement, values: readonly Felt[]): void => {
      const first = (i * rows) / placement[1];
      writeRows(table, placement, first, values);
      writeRows(
        table,
        squared,
        first,
        values.map((value) => mul(value, value)),
      );
    };
    at.full.forEach((placement, word) => {
      const states = rounds.full.map((state) => state[word]!);
      write(placement, at.fullSquared[word]!, states);
    });
    write(at.partial0, at.partial0Squared, rounds.partial.slice(0, LANE0_ROUNDS));
    write(at.partial1, at.partial1Squared, rounds.partial.slice(LANE1_START));
    [...input, ...rounds.output].forEach((value, cell) => {
      const address = addressIn(segment, i, cell);
      memory.set(address, value);
      pool.place(at.memory, i * 8 + slots[cell]!, address);
    });
    if (done.size > 1 << 16) done.clear();
  }
}
