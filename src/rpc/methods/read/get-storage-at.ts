import { openBlock, resolveBlock } from "../../blocks.ts";
import { requireContract } from "../../contracts.ts";
import { stateMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { storageFlags } from "../../schema/common.ts";
import { address, storageKey } from "../../schema/numbers.ts";
import { toHex } from "../../../util/hex.ts";

export const getStorageAt = stateMethod({
  name: "starknet_getStorageAt",
  parameters: {
    contract_address: address,
    key: storageKey,
    block_id: blockId,
    response_flags: storageFlags,
  },
  handle({ chain }, { contract_address, key, block_id, response_flags }) {
    const block = resolveBlock(chain, block_id);
    const open = block === "preConfirmed" ? openBlock(chain) : undefined;
    const state = open?.state ?? chain.stateAt(block as number);
    requireContract(state, contract_address);
    const value = toHex(state.storageAt(contract_address, key));
    if (!response_flags?.includes("INCLUDE_LAST_UPDATE_BLOCK")) return value;
    const last = open?.stateDiff.storage.get(contract_address)?.has(key)
      ? open.context.number
      : chain.lastStorageUpdate(
          contract_address,
          key,
          open === undefined ? (block as number) : chain.latest().number,
        );
    // 0 for a cell that never changed: the spec has no other word for it.
    return { value, last_update_block: last ?? 0 };
  },
});
