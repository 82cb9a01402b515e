import { toHex } from "../../../util/hex.ts";
import { stateMethod } from "../../method.ts";

export const syncing = stateMethod({
  name: "starknet_syncing",
  parameters: {},
  handle({ syncing }) {
    const progress = syncing?.();
    if (progress === undefined) return false;
    const { starting, current, highest } = progress;
    return {
      starting_block_hash: toHex(starting.hash),
      starting_block_num: starting.number,
      current_block_hash: toHex(current.hash),
      current_block_num: current.number,
      highest_block_hash: toHex(highest.hash),
      highest_block_num: highest.number,
    };
  },
});
