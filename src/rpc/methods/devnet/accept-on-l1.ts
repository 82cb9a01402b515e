import { resolveClosed } from "../../blocks.ts";
import { devnetMethod, l1Of } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { hexes } from "../../format/felts.ts";

/** Settles for real: blocks come to L1 by a state update. */
export const acceptOnL1 = devnetMethod({
  name: "devnet_acceptOnL1",
  parameters: { starting_block_id: blockId },
  handle: async (context, { starting_block_id }) => ({
    accepted: hexes(await l1Of(context).accept(resolveClosed(context.chain, starting_block_id))),
  }),
});
