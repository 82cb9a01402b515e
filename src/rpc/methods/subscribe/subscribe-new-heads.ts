import { method } from "../../method.ts";
import { subscriptionBlockId } from "../../schema/block-id.ts";
import { optional } from "../../schema/schema.ts";
import { newHeadsFeed } from "../../subscriptions/new-heads.ts";
import { startOf } from "../../subscriptions/start.ts";

export const subscribeNewHeads = method({
  name: "starknet_subscribeNewHeads",
  parameters: { block_id: optional(subscriptionBlockId) },
  needsSession: true,
  handle({ chain }, { block_id }, { session }) {
    // "latest" means from now on (as starknet-devnet has it): its header is no news.
    const from =
      block_id === undefined || block_id.kind === "tag" ? undefined : startOf(chain, block_id);
    return session!.subscribe(newHeadsFeed(from));
  },
});
