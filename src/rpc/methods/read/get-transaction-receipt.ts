import { findTransaction } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatLocatedReceipt } from "../../format/receipt.ts";
import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";

export const getTransactionReceipt = method({
  name: "starknet_getTransactionReceipt",
  parameters: { transaction_hash: felt },
  handle({ chain }, { transaction_hash }) {
    const located = findTransaction(chain, transaction_hash);
    if (located === undefined) throw new RpcError("TXN_HASH_NOT_FOUND");
    return formatLocatedReceipt(located);
  },
});
