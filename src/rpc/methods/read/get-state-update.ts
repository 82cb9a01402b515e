import { openBlock, resolveBlock } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatStateDiff, restrictDiff } from "../../format/state-diff.ts";
import { stateMethod } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { address } from "../../schema/numbers.ts";
import { array, optional } from "../../schema/schema.ts";
import { toHex } from "../../../util/hex.ts";

const MAX_ADDRESSES = 10_000;

export const getStateUpdate = stateMethod({
  name: "starknet_getStateUpdate",
  parameters: {
    block_id: blockId,
    contract_addresses: optional(array(address, MAX_ADDRESSES)),
  },
  handle({ chain }, { block_id, contract_addresses }) {
    const block = resolveBlock(chain, block_id);
    const diff = block === "preConfirmed" ? openBlock(chain).stateDiff : chain.stateDiff(block);
    if (diff === undefined) throw new RpcError("BLOCK_NOT_FOUND");
    const shown =
      contract_addresses === undefined ? diff : restrictDiff(diff, new Set(contract_addresses));
    const state_diff = formatStateDiff(shown);
    if (block === "preConfirmed") {
      return { old_root: toHex(chain.latest().stateRoot), state_diff };
    }
    const header = chain.header(block)!;
    return {
      block_hash: toHex(header.hash),
      old_root: toHex(chain.header(block - 1)?.stateRoot ?? 0n),
      new_root: toHex(header.stateRoot),
      state_diff,
    };
  },
});
