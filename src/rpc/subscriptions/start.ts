import type { ChainView } from "../../starknet/chain-view.ts";
import { resolveClosed } from "../blocks.ts";
import { RpcError } from "../errors.ts";
import type { BlockId } from "../schema/block-id.ts";

/** How far into the past a subscription may start (starknet_ws_api.json). */
export const MAX_BLOCKS_BACK = 1024;

/** The block that a subscription starts from. Throws BLOCK_NOT_FOUND, TOO_MANY_BLOCKS_BACK. */
export function startOf(chain: ChainView, id: BlockId): number {
  const number = resolveClosed(chain, id);
  if (chain.latest().number - number > MAX_BLOCKS_BACK) throw new RpcError("TOO_MANY_BLOCKS_BACK");
  return number;
}
