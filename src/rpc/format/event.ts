/** EVENT and EMITTED_EVENT. */
import type { Event } from "../../starknet/receipt.ts";
import { toHex } from "../../util/hex.ts";
import type { EmittedEvent } from "../events.ts";
import { hexes } from "./felts.ts";

/** EVENT */
export const formatEvent = (event: Event): object => ({
  from_address: toHex(event.fromAddress),
  keys: hexes(event.keys),
  data: hexes(event.data),
});

/** EMITTED_EVENT: no block hash while the block is open */
export const formatEmittedEvent = (emitted: EmittedEvent): object => ({
  ...formatEvent(emitted.event),
  ...(emitted.blockHash === undefined ? {} : { block_hash: toHex(emitted.blockHash) }),
  block_number: emitted.blockNumber,
  transaction_hash: toHex(emitted.transactionHash),
  transaction_index: emitted.transactionIndex,
  event_index: emitted.eventIndex,
});
