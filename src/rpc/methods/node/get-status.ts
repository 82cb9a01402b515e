import type { NodeStatus } from "../../../node/status.ts";
import { toHex } from "../../../util/hex.ts";
import type { Members } from "../../schema/schema.ts";
import type { Method } from "../../method.ts";

/** What the methods of a following node work on, beside the chain. */
export interface NodeContext {
  status(): NodeStatus;
}

export const formatNodeStatus = (status: NodeStatus) => {
  const { mode, stage, source, latest, head, latestOnL1, problem, l1 } = status;
  return {
    mode,
    stage,
    source_url: source,
    block_number: latest?.number ?? null,
    block_hash: latest === undefined ? null : toHex(latest.hash),
    state_root: latest === undefined ? null : toHex(latest.stateRoot),
    head_block_number: head ?? null,
    blocks_behind: head === undefined ? null : Math.max(0, head - (latest?.number ?? -1)),
    accepted_on_l1_block_number: latestOnL1 ?? null,
    problem: problem ?? null,
    ...(l1 && {
      core_contract: l1.core,
      l1_block_number: l1.block ?? null,
      proven_on_l1: l1.proven,
    }),
  };
};

/** Of our own: in which mode a node follows, how far it is, and why it does not go on. */
export const getNodeStatus: Method<NodeContext> = {
  name: "node_getStatus",
  parameters: {} satisfies Members,
  handle: ({ status }) => formatNodeStatus(status()),
};
