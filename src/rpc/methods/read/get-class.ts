import { stateOf } from "../../blocks.ts";
import { classOf } from "../../contracts.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { felt } from "../../schema/numbers.ts";
import { sierraClassJson } from "../../../starknet/class/sierra.ts";

export const getClass = method({
  name: "starknet_getClass",
  parameters: { block_id: blockId, class_hash: felt },
  handle: ({ chain }, { block_id, class_hash }) =>
    sierraClassJson(classOf(chain, stateOf(chain, block_id), class_hash)),
});
