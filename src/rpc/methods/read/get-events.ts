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

/** Number of the block that an id names, the open one's too. Throws BLOCK_NOT_FOUND. */
function numberOf(chain: ChainView, id: BlockId, open: number): number {
  if (id.kind === "number" && id.number === open) return open;
  const block = resolveBlock(chain, id);
  return block === "preConfirmed" ? open : block;
}

export const getEvents = method({
  name: "starknet_getEvents",
  parameters: { filter },
  handle({ chain }, { filter: request }) {
    if (request.chunk_size > MAX_CHUNK_SIZE) throw new RpcError("PAGE_SIZE_TOO_BIG");
    const passing = eventFilter(request.address, request.keys);
    const open = chain.preConfirmed().context.number;
    const from = request.from_block === undefined ? 0 : numberOf(chain, request.from_block, open);
    // Without an end, the open block is in the range, as starknet-devnet has it.
    const to = request.to_block === undefined ? open : numberOf(chain, request.to_block, open);
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
