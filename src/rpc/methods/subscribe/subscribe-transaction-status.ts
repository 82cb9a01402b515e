import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";
import { transactionStatusFeed } from "../../subscriptions/transaction-status.ts";

export const subscribeTransactionStatus = method({
  name: "starknet_subscribeTransactionStatus",
  parameters: { transaction_hash: felt },
  needsSubscriber: true,
  handle: ({ chain, gateway }, { transaction_hash }, { subscriber }) =>
    subscriber!.subscribe(transactionStatusFeed(chain, gateway, transaction_hash)),
});
