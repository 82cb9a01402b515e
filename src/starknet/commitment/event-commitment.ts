/** Commitment to the events of a block (starknet-formulas.md §5). */
import type { Felt } from "../../field/felt.ts";
import { poseidonLists, poseidonMany } from "../../hash/poseidon.ts";
import type { Event, Receipt } from "../receipt.ts";
import { listCommitment, withLength } from "./list.ts";

/** What an event's leaf is the hash of. */
const eventWords = ({ fromAddress, keys, data }: Event, transactionHash: Felt): Felt[] => [
  fromAddress,
  transactionHash,
  ...withLength(keys),
  ...withLength(data),
];

export const eventLeaf = (event: Event, transactionHash: Felt): Felt =>
  poseidonMany(eventWords(event, transactionHash));

/** Of all events of the block, in order. */
export const eventCommitment = (
  receipts: readonly Pick<Receipt, "events" | "transactionHash">[],
): Felt =>
  listCommitment(
    poseidonLists(
      receipts.flatMap(({ events, transactionHash }) =>
        events.map((event) => eventWords(event, transactionHash)),
      ),
    ),
  );
