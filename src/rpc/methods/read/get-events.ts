import { resolveBlock } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import {
  eventAddresses,
  eventFilter,
  eventKeys,
  eventPage,
  fromToken,
  MAX_CHUNK_SIZE,
  toToken,
} from "../../events.ts";
import { formatEmittedEvent } from "../../format/event.ts";
import { method } from "../../method.ts";
import { blockId, type BlockId } from "../../schema/block-id.ts";
import { integer, object, optional, text } from "../../schema/schema.ts";
import type { ChainView } from "../../../starknet/chain-view.ts";

/** EVENT_FILTER and RESULT_PAGE_REQUEST */
const filter = object({
  from_block: optional(blockId),
  to_block: optional(blockId),
  address: optional(eventAddresses),
  keys: optional(eventKeys),
  continuation_token: optional(text("a continuation token", 256)),
  chunk_size: integer(1),
});

/** Number that an id stands for; numbers past the end are allowed, as they bound a range only. */
function boundOf(chain: ChainView, id: BlockId | undefined, fallback: number): number {
  if (id === undefined) return fallback;
  if (id.kind === "number") return id.number;
  const block = resolveBlock(chain, id);
  return block === "preConfirmed" ? chain.preConfirmed().context.number : block;
}

export const getEvents = method({
  name: "starknet_getEvents",
  parameters: { filter },
  handle({ chain }, { filter: request }) {
    if (request.chunk_size > MAX_CHUNK_SIZE) throw new RpcError("PAGE_SIZE_TOO_BIG");
    const passing = eventFilter(request.address, request.keys);
    const open = chain.preConfirmed().context.number;
    const from = boundOf(chain, request.from_block, 0);
    const to = Math.min(boundOf(chain, request.to_block, open), open);
    const start =
      request.continuation_token === undefined
        ? { block: from, transaction: 0, event: 0 }
        : fromToken(request.continuation_token, from, to);
    const { events, next } = eventPage(chain, passing, start, to, request.chunk_size);
    return {
      events: events.map(formatEmittedEvent),
      ...(next === undefined ? {} : { continuation_token: toToken(next) }),
    };
  },
});
