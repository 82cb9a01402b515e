import { stateOf } from "../../blocks.ts";
import { classHashOf } from "../../contracts.ts";
import { stateMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { address } from "../../schema/numbers.ts";
import { toHex } from "../../../util/hex.ts";

export const getClassHashAt = stateMethod({
  name: "starknet_getClassHashAt",
  parameters: { block_id: blockId, contract_address: address },
  handle: ({ chain }, { block_id, contract_address }) =>
    toHex(classHashOf(stateOf(chain, block_id), contract_address)),
});
