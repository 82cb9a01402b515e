import { eventAddresses, eventFilter, eventKeys } from "../../events.ts";
import { method } from "../../method.ts";
import { subscriptionBlockId } from "../../schema/block-id.ts";
import { oneOfTexts, optional } from "../../schema/schema.ts";
import { eventsFeed } from "../../subscriptions/events.ts";
import { startOf } from "../../subscriptions/start.ts";

export const subscribeEvents = method({
  name: "starknet_subscribeEvents",
  parameters: {
    from_address: optional(eventAddresses),
    keys: optional(eventKeys),
    block_id: optional(subscriptionBlockId),
    finality_status: optional(oneOfTexts("PRE_CONFIRMED", "ACCEPTED_ON_L2")),
  },
  needsSession: true,
  handle({ chain }, params, { session }) {
    const feed = eventsFeed(chain, {
      from: startOf(chain, params.block_id ?? { kind: "tag", tag: "latest" }),
      filter: eventFilter(params.from_address, params.keys),
      preConfirmed: params.finality_status === "PRE_CONFIRMED",
    });
    return session!.subscribe(feed);
  },
});
