import { bodyOf, resolveBlock } from "../../blocks.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";

export const getBlockTransactionCount = method({
  name: "starknet_getBlockTransactionCount",
  parameters: { block_id: blockId },
  handle: ({ chain }, { block_id }) =>
    bodyOf(chain, resolveBlock(chain, block_id)).transactions.length,
});
