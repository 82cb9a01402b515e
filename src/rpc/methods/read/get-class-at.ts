import { stateOf } from "../../blocks.ts";
import { classHashOf, classOf } from "../../contracts.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { address } from "../../schema/numbers.ts";
import { sierraClassJson } from "../../../starknet/class/sierra.ts";

export const getClassAt = method({
  name: "starknet_getClassAt",
  parameters: { block_id: blockId, contract_address: address },
  handle({ chain }, { block_id, contract_address }) {
    const state = stateOf(chain, block_id);
    return sierraClassJson(classOf(chain, state, classHashOf(state, contract_address)));
  },
});
