/** All methods, by the document that specifies them. */
import type { DevnetContext, Method, RpcContext, StateContext } from "../method.ts";
import { blockHashAndNumber } from "./read/block-hash-and-number.ts";
import { blockNumber } from "./read/block-number.ts";
import { call } from "./read/call.ts";
import { chainId } from "./read/chain-id.ts";
import { estimateFee } from "./read/estimate-fee.ts";
import { estimateMessageFee } from "./read/estimate-message-fee.ts";
import { getBlockTransactionCount } from "./read/get-block-transaction-count.ts";
import { getBlockWithReceipts } from "./read/get-block-with-receipts.ts";
import { getBlockWithTxHashes } from "./read/get-block-with-tx-hashes.ts";
import { getBlockWithTxs } from "./read/get-block-with-txs.ts";
import { getClassAt } from "./read/get-class-at.ts";
import { getClassHashAt } from "./read/get-class-hash-at.ts";
import { getClass } from "./read/get-class.ts";
import { getEvents } from "./read/get-events.ts";
import { getMessagesStatus } from "./read/get-messages-status.ts";
import { getNonce } from "./read/get-nonce.ts";
import { getStateUpdate } from "./read/get-state-update.ts";
import { getStorageAt } from "./read/get-storage-at.ts";
import { getStorageProof } from "./read/get-storage-proof.ts";
import { getTransactionByBlockIdAndIndex } from "./read/get-transaction-by-block-id-and-index.ts";
import { getTransactionByHash } from "./read/get-transaction-by-hash.ts";
import { getTransactionReceipt } from "./read/get-transaction-receipt.ts";
import { getTransactionStatus } from "./read/get-transaction-status.ts";
import { specVersion } from "./read/spec-version.ts";
import { syncing } from "./read/syncing.ts";
import { addDeclareTransaction } from "./write/add-declare-transaction.ts";
import { addDeployAccountTransaction } from "./write/add-deploy-account-transaction.ts";
import { addInvokeTransaction } from "./write/add-invoke-transaction.ts";
import { getCompiledCasm } from "./trace/get-compiled-casm.ts";
import { simulateTransactions } from "./trace/simulate-transactions.ts";
import { traceBlockTransactions } from "./trace/trace-block-transactions.ts";
import { traceTransaction } from "./trace/trace-transaction.ts";
import { subscribeEvents } from "./subscribe/subscribe-events.ts";
import { subscribeNewHeads } from "./subscribe/subscribe-new-heads.ts";
import { subscribeNewTransactionReceipts } from "./subscribe/subscribe-new-transaction-receipts.ts";
import { subscribeNewTransactions } from "./subscribe/subscribe-new-transactions.ts";
import { subscribeTransactionStatus } from "./subscribe/subscribe-transaction-status.ts";
import { unsubscribe } from "./subscribe/unsubscribe.ts";
import { abortBlocks } from "./devnet/abort-blocks.ts";
import { applyStateDiff } from "./devnet/apply-state-diff.ts";
import { createBlock } from "./devnet/create-block.ts";
import { dump } from "./devnet/dump.ts";
import { getAccountBalance } from "./devnet/get-account-balance.ts";
import { getConfig } from "./devnet/get-config.ts";
import { getPredeployedAccounts } from "./devnet/get-predeployed-accounts.ts";
import { getStatus } from "./devnet/get-status.ts";
import {
  impersonateAccount,
  stopImpersonateAccount,
  autoImpersonate,
  stopAutoImpersonate,
} from "./devnet/impersonation.ts";
import { increaseTime } from "./devnet/increase-time.ts";
import { load } from "./devnet/load.ts";
import { mint } from "./devnet/mint.ts";
import { restart } from "./devnet/restart.ts";
import { revert } from "./devnet/revert.ts";
import { setGasPrice } from "./devnet/set-gas-price.ts";
import { setTime } from "./devnet/set-time.ts";
import { snapshot } from "./devnet/snapshot.ts";
import { getL1Gas } from "./devnet/get-l1-gas.ts";
import { getL1Status } from "./devnet/get-l1-status.ts";
import { acceptOnL1 } from "./devnet/accept-on-l1.ts";
import {
  postmanConsumeMessageFromL2,
  postmanFlush,
  postmanLoad,
  postmanSendMessageToL2,
} from "./devnet/postman.ts";

/** Those of starknet_api_openrpc.json that ask for states only. */
export const STATE_METHODS: readonly Method<StateContext>[] = [
  blockHashAndNumber,
  blockNumber,
  chainId,
  getClassHashAt,
  getNonce,
  getStateUpdate,
  getStorageAt,
  getStorageProof,
  specVersion,
  syncing,
];

/** starknet_api_openrpc.json */
export const READ_METHODS: readonly Method<RpcContext>[] = [
  ...STATE_METHODS,
  call,
  estimateFee,
  estimateMessageFee,
  getBlockTransactionCount,
  getBlockWithReceipts,
  getBlockWithTxHashes,
  getBlockWithTxs,
  getClassAt,
  getClass,
  getEvents,
  getMessagesStatus,
  getTransactionByBlockIdAndIndex,
  getTransactionByHash,
  getTransactionReceipt,
  getTransactionStatus,
];

/** starknet_write_api.json */
export const WRITE_METHODS: readonly Method<RpcContext>[] = [
  addDeclareTransaction,
  addDeployAccountTransaction,
  addInvokeTransaction,
];

/** starknet_trace_api_openrpc.json, starknet_executables.json */
export const TRACE_METHODS: readonly Method<RpcContext>[] = [
  getCompiledCasm,
  simulateTransactions,
  traceBlockTransactions,
  traceTransaction,
];

/** starknet_ws_api.json */
export const SUBSCRIPTION_METHODS: readonly Method<RpcContext>[] = [
  subscribeEvents,
  subscribeNewHeads,
  subscribeNewTransactionReceipts,
  subscribeNewTransactions,
  subscribeTransactionStatus,
  unsubscribe,
];

/** starknet-devnet 0.10.1 */
export const DEVNET_METHODS: readonly Method<DevnetContext>[] = [
  abortBlocks,
  applyStateDiff,
  createBlock,
  dump,
  getAccountBalance,
  getConfig,
  getPredeployedAccounts,
  getStatus,
  impersonateAccount,
  stopImpersonateAccount,
  autoImpersonate,
  stopAutoImpersonate,
  increaseTime,
  load,
  mint,
  restart,
  revert,
  setGasPrice,
  setTime,
  snapshot,
  acceptOnL1,
  getL1Status,
  getL1Gas,
  postmanLoad,
  postmanFlush,
  postmanSendMessageToL2,
  postmanConsumeMessageFromL2,
];

/** What every node answers. */
export const STARKNET_METHODS: readonly Method<RpcContext>[] = [
  ...READ_METHODS,
  ...WRITE_METHODS,
  ...TRACE_METHODS,
  ...SUBSCRIPTION_METHODS,
];
