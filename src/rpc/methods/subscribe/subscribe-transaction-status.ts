import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";
import { transactionStatusFeed } from "../../subscriptions/transaction-status.ts";

export const subscribeTransactionStatus = method({
  name: "starknet_subscribeTransactionStatus",
  parameters: { transaction_hash: felt },
  needsSession: true,
  handle: ({ chain, gateway }, { transaction_hash }, { session }) =>
    session!.subscribe(transactionStatusFeed(chain, gateway, transaction_hash)),
});
