import { stateOf } from "../../blocks.ts";
import { classHashOf } from "../../contracts.ts";
import { stateMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { address } from "../../schema/numbers.ts";
import { toHex } from "../../../util/hex.ts";

export const getNonce = stateMethod({
  name: "starknet_getNonce",
  parameters: { block_id: blockId, contract_address: address },
  handle({ chain }, { block_id, contract_address }) {
    const state = stateOf(chain, block_id);
    classHashOf(state, contract_address);
    return toHex(state.nonceAt(contract_address));
  },
});
