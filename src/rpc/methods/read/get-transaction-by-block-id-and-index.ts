import { bodyOf, resolveBlock } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatTransactionWithHash } from "../../format/transaction.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { transactionFlags } from "../../schema/common.ts";
import { integer } from "../../schema/schema.ts";

export const getTransactionByBlockIdAndIndex = method({
  name: "starknet_getTransactionByBlockIdAndIndex",
  parameters: { block_id: blockId, index: integer(0), response_flags: transactionFlags },
  handle({ chain }, { block_id, index, response_flags }) {
    const transaction = bodyOf(chain, resolveBlock(chain, block_id)).transactions[index];
    if (transaction === undefined) throw new RpcError("INVALID_TXN_INDEX");
    return formatTransactionWithHash(transaction, response_flags);
  },
});
