import { resolveBlock } from "../../blocks.ts";
import { formatBlock, receiptsOf } from "../../format/block.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { transactionFlags } from "../../schema/common.ts";

export const getBlockWithReceipts = method({
  name: "starknet_getBlockWithReceipts",
  parameters: { block_id: blockId, response_flags: transactionFlags },
  handle: ({ chain }, { block_id, response_flags }) =>
    formatBlock(chain, resolveBlock(chain, block_id), receiptsOf(response_flags)),
});
