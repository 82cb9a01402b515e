/** What a devnet says of its L1. */
import type { L1Description, L1Status } from "../l1-control.ts";
import { formatMessageToL1Report, formatMessageToL2Report } from "./message.ts";

/** `l1` of `devnet_getConfig` */
export const formatL1 = (l1: L1Description): object => ({
  rpc_url: l1.rpcUrl,
  chain_id: l1.chainId,
  core_contract_address: l1.coreContract,
  fact_registry_address: l1.factRegistry ?? null,
  settlement: l1.settlement,
  operator_address: l1.operator,
});

export const formatL1Status = (status: L1Status): object => ({
  ...formatL1(status),
  l1_block_number: status.l1Block ?? null,
  latest_block_number: status.latestBlock,
  accepted_on_l1_block_number: status.latestOnL1 ?? null,
  problem: status.problem ?? null,
  blocks: status.blocks.map(({ number, stage, percent, reason }) => ({
    block_number: number,
    stage,
    ...(percent !== undefined && { percent }),
    ...(reason !== undefined && { reason }),
  })),
  messages_to_l2: status.messagesToL2.map(formatMessageToL2Report),
  messages_to_l1: status.messagesToL1.map(formatMessageToL1Report),
});
