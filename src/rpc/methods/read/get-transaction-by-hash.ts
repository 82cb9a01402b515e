import { findTransaction } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatTransactionWithHash } from "../../format/transaction.ts";
import { method } from "../../method.ts";
import { transactionFlags } from "../../schema/common.ts";
import { felt } from "../../schema/numbers.ts";

export const getTransactionByHash = method({
  name: "starknet_getTransactionByHash",
  parameters: { transaction_hash: felt, response_flags: transactionFlags },
  handle({ chain, gateway }, { transaction_hash, response_flags }) {
    const transaction =
      findTransaction(chain, transaction_hash)?.transaction ??
      chain.preConfirmed().candidates.find(({ hash }) => hash === transaction_hash) ??
      gateway.pooled(transaction_hash);
    if (transaction === undefined) throw new RpcError("TXN_HASH_NOT_FOUND");
    return formatTransactionWithHash(transaction, response_flags);
  },
});
