/** What a devnet says of its L1. */
import type { SettlementBill } from "../../l1/gas/settlement-bill.ts";
import type { L1Description, L1Status, ProverQueueReport, ProverReport } from "../l1-control.ts";
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
  ...(status.proverQueue && { prover_queue: formatProverQueue(status.proverQueue) }),
  blocks: status.blocks.map(({ number, stage, percent, reason }) => ({
    block_number: number,
    stage,
    ...(percent !== undefined && { percent }),
    ...(reason !== undefined && { reason }),
  })),
  messages_to_l2: status.messagesToL2.map(formatMessageToL2Report),
  messages_to_l1: status.messagesToL1.map(formatMessageToL1Report),
});

export const formatL1Gas = (l1: L1Description, bill: SettlementBill): object => ({
  ...formatL1(l1),
  from_block: bill.first,
  to_block: bill.last,
  transactions: bill.transactions,
  share: bill.share,
  gas_used: bill.gasUsed,
  updates: bill.updates.map((update) => ({
    from_block: update.first,
    to_block: update.last,
    transactions: update.transactions,
    asked_transactions: update.askedTransactions,
    gas_used: update.gasUsed,
    on_l1: update.onL1.map((billed) => ({
      function: billed.function,
      transaction_hash: billed.transactionHash,
      calldata_bytes: billed.calldataBytes,
      gas_used: billed.gasUsed,
      parts: billed.parts,
    })),
  })),
});

const formatProverQueue = (queue: ProverQueueReport): object => ({
  url: queue.url,
  version: queue.version,
  problem: queue.problem ?? null,
  provers: queue.provers.map(formatProver),
  provers_of_other_versions: queue.otherVersions.map(formatProver),
});

const formatProver = ({ name, version, threads, concurrency }: ProverReport): object => ({
  name,
  version,
  threads,
  concurrency,
});
