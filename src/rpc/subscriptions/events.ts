import type { Block } from "../../starknet/block.ts";
import type { ChainView } from "../../starknet/chain-view.ts";
import { finalityOf, type Finality } from "../blocks.ts";
import { eventsOfBlock, eventsOfReceipt, type EmittedEvent, type EventFilter } from "../events.ts";
import { formatEmittedEvent } from "../format/event.ts";
import type { Feed } from "./feed.ts";

export interface EventsFeedOptions {
  readonly from: number;
  readonly filter: EventFilter;
  /** Tell of events in the open block too; they are told again when it is closed. */
  readonly preConfirmed: boolean;
}

/** Emitted events that pass a filter. */
export function eventsFeed(
  chain: ChainView,
  { from, filter, preConfirmed }: EventsFeedOptions,
): Feed {
  const results = (emitted: Iterable<EmittedEvent>, finality: Finality): unknown[] =>
    Array.from(emitted, (event) => ({ ...formatEmittedEvent(event), finality_status: finality }));
  const ofBlock = ({ header, receipts }: Block, finality: Finality): unknown[] =>
    receipts.flatMap((receipt, transactionIndex) => {
      const place = { blockHash: header.hash, blockNumber: header.number, transactionIndex };
      return results(eventsOfReceipt(filter, receipt, place), finality);
    });
  return {
    notification: "starknet_subscriptionEvents",
    from,
    past: (block) => ofBlock(block, finalityOf(chain, block.header.number)),
    present() {
      if (!preConfirmed) return [];
      const open = chain.preConfirmed().context.number;
      return results(eventsOfBlock(chain, open, filter), "PRE_CONFIRMED");
    },
    live(event) {
      if (event.kind === "block") return ofBlock(event.block, "ACCEPTED_ON_L2");
      if (event.kind !== "preConfirmed" || !preConfirmed) return [];
      const place = {
        blockHash: undefined,
        blockNumber: event.blockNumber,
        transactionIndex: event.index,
      };
      return results(eventsOfReceipt(filter, event.receipt, place), "PRE_CONFIRMED");
    },
  };
}
