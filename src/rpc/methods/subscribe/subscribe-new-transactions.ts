import { method } from "../../method.ts";
import { transactionFlags } from "../../schema/common.ts";
import { array, oneOfTexts, optional } from "../../schema/schema.ts";
import { newTransactionsFeed } from "../../subscriptions/new-transactions.ts";
import { senderAddress, senderFilter } from "../../subscriptions/senders.ts";

const stages = array(oneOfTexts("RECEIVED", "CANDIDATE", "PRE_CONFIRMED", "ACCEPTED_ON_L2"), 16);

export const subscribeNewTransactions = method({
  name: "starknet_subscribeNewTransactions",
  parameters: {
    finality_status: optional(stages),
    sender_address: senderAddress,
    tags: transactionFlags,
  },
  needsSession: true,
  handle(_context, { finality_status, sender_address, tags }, { session }) {
    const filter = {
      stages: new Set(finality_status ?? (["ACCEPTED_ON_L2"] as const)),
      senders: senderFilter(sender_address),
    };
    return session!.subscribe(newTransactionsFeed(filter, tags));
  },
});
