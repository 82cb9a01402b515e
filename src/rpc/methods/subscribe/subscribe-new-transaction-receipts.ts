import { method } from "../../method.ts";
import { array, oneOfTexts, optional } from "../../schema/schema.ts";
import { newReceiptsFeed } from "../../subscriptions/new-transactions.ts";
import { senderAddress, senderFilter } from "../../subscriptions/senders.ts";

export const subscribeNewTransactionReceipts = method({
  name: "starknet_subscribeNewTransactionReceipts",
  parameters: {
    finality_status: optional(array(oneOfTexts("PRE_CONFIRMED", "ACCEPTED_ON_L2"), 16)),
    sender_address: senderAddress,
  },
  needsSession: true,
  handle(_context, { finality_status, sender_address }, { session }) {
    const feed = newReceiptsFeed({
      stages: new Set(finality_status ?? ["ACCEPTED_ON_L2"]),
      senders: senderFilter(sender_address),
    });
    return session!.subscribe(feed);
  },
});
