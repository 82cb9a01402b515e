import { resolveBlock } from "../../blocks.ts";
import { hexes } from "../../format/felts.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { functionCall } from "../../schema/common.ts";

export const call = method({
  name: "starknet_call",
  parameters: { request: functionCall, block_id: blockId },
  handle: async ({ chain, execution }, { request, block_id }) =>
    hexes(await execution.call(resolveBlock(chain, block_id), request)),
});
