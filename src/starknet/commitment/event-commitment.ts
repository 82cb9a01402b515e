/** Commitment to the events of a block (starknet-formulas.md §5). */
import type { Felt } from "../../field/felt.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import type { Event, Receipt } from "../receipt.ts";
import { listCommitment, withLength } from "./list.ts";

export const eventLeaf = ({ fromAddress, keys, data }: Event, transactionHash: Felt): Felt =>
  poseidonMany([fromAddress, transactionHash, ...withLength(keys), ...withLength(data)]);

/** Of all events of the block, in order. */
export const eventCommitment = (
  receipts: readonly Pick<Receipt, "events" | "transactionHash">[],
): Felt =>
  listCommitment(
    receipts.flatMap(({ events, transactionHash }) =>
      events.map((event) => eventLeaf(event, transactionHash)),
    ),
  );
