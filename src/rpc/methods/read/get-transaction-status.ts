import { findTransaction } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatStatus } from "../../format/receipt.ts";
import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";

export const getTransactionStatus = method({
  name: "starknet_getTransactionStatus",
  parameters: { transaction_hash: felt },
  handle({ chain, gateway }, { transaction_hash }) {
    const located = findTransaction(chain, transaction_hash);
    if (located !== undefined) return formatStatus(located.finality, located.receipt);
    const stage = gateway.stageOf(transaction_hash);
    if (stage === undefined) throw new RpcError("TXN_HASH_NOT_FOUND");
    return formatStatus(stage, undefined);
  },
});
