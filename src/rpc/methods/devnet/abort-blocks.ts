import { resolveBlock } from "../../blocks.ts";
import { devnetMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { hexes } from "../../format/felts.ts";

export const abortBlocks = devnetMethod({
  name: "devnet_abortBlocks",
  parameters: { starting_block_id: blockId },
  mutates: true,
  handle: async ({ chain, control }, { starting_block_id }) => ({
    aborted: hexes(await control.abortBlocks(resolveBlock(chain, starting_block_id))),
  }),
});
