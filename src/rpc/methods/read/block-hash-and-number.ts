import { stateMethod } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const blockHashAndNumber = stateMethod({
  name: "starknet_blockHashAndNumber",
  parameters: {},
  handle({ chain }) {
    const { hash, number } = chain.latest();
    return { block_hash: toHex(hash), block_number: number };
  },
});
