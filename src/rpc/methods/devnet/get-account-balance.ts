import { resolveBlock } from "../../blocks.ts";
import { devnetMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { tokenUnit } from "../../schema/devnet.ts";
import { address } from "../../schema/numbers.ts";
import { optional } from "../../schema/schema.ts";

export const getAccountBalance = devnetMethod({
  name: "devnet_getAccountBalance",
  parameters: { address, unit: tokenUnit, block_id: optional(blockId) },
  async handle({ chain, control }, { address, unit, block_id }) {
    const block = resolveBlock(chain, block_id ?? { kind: "tag", tag: "latest" });
    return { amount: (await control.balance(address, unit, block)).toString(), unit };
  },
});
