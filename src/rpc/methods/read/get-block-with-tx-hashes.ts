import { resolveBlock } from "../../blocks.ts";
import { formatBlock, hashesOf } from "../../format/block.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";

export const getBlockWithTxHashes = method({
  name: "starknet_getBlockWithTxHashes",
  parameters: { block_id: blockId },
  handle: ({ chain }, { block_id }) => formatBlock(chain, resolveBlock(chain, block_id), hashesOf),
});
