import { resolveClosed } from "../../blocks.ts";
import { formatL1Gas } from "../../format/l1.ts";
import { devnetMethod, l1Of } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { optional } from "../../schema/schema.ts";

/** What the settlement of blocks cost on L1; not a method of starknet-devnet. */
export const getL1Gas = devnetMethod({
  name: "devnet_getL1Gas",
  parameters: { from_block_id: optional(blockId), to_block_id: optional(blockId) },
  async handle(context, { from_block_id, to_block_id }) {
    const l1 = l1Of(context);
    const bill = await l1.gas({
      ...(from_block_id && { first: resolveClosed(context.chain, from_block_id) }),
      ...(to_block_id && { last: resolveClosed(context.chain, to_block_id) }),
    });
    return formatL1Gas(l1.describe(), bill);
  },
});
