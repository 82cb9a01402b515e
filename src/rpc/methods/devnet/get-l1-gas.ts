import type { ChainView } from "../../../starknet/chain-view.ts";
import { resolveClosed } from "../../blocks.ts";
import { formatL1Gas } from "../../format/l1.ts";
import { devnetMethod, l1Of } from "../../method.ts";
import { type BlockId, blockId } from "../../schema/block-id.ts";
import { optional } from "../../schema/schema.ts";

/** A number stays as it is: whether L1 has that block, the bill says in its own words. */
const numberOf = (chain: ChainView, id: BlockId): number =>
  id.kind === "number" ? id.number : resolveClosed(chain, id);

/** What the settlement of blocks cost on L1; not a method of starknet-devnet. */
export const getL1Gas = devnetMethod({
  name: "devnet_getL1Gas",
  parameters: { from_block_id: optional(blockId), to_block_id: optional(blockId) },
  async handle(context, { from_block_id, to_block_id }) {
    const l1 = l1Of(context);
    const bill = await l1.gas({
      ...(from_block_id && { first: numberOf(context.chain, from_block_id) }),
      ...(to_block_id && { last: numberOf(context.chain, to_block_id) }),
    });
    return formatL1Gas(l1.describe(), bill);
  },
});
