/** Messages between the layers, for tests: by the transaction that sent them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { L1Side } from "../devnet/l1.ts";
import { messagesToL1, type MessageToL1Stage } from "../l1/status.ts";
import type { MessageToL2Report } from "../rpc/l1-control.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { toHex, toPaddedHex } from "../util/hex.ts";

/** A transaction of L1: its hash, or what ethers answers for it. */
export type L1TransactionLike = string | { readonly hash: string };

/** A transaction of L2: its hash, or what starknet.js answers for it. */
export type L2TransactionLike = string | { readonly transaction_hash: string };

export interface WaitOptions {
  /** Milliseconds; 30,000 if undefined. */
  readonly timeout?: number;
  /** Take messages whose handler reverts, and those that cannot be executed, for an outcome as good as any. */
  readonly allowFailure?: boolean;
}

/** A message to L2 that has come to its end there. */
export interface MessageToL2Result {
  readonly messageHash: string;
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly selector: string;
  readonly payload: readonly bigint[];
  readonly nonce: bigint;
  /** `settled` once its block is on L1. */
  readonly stage:
    "executed" | "settled" | "reverted" | "undeliverable" | "cancelling" | "cancelled";
  /** Of L2; undefined for a message that it never executes. */
  readonly transactionHash: string | undefined;
  /** Undefined while the block is open. */
  readonly blockNumber: number | undefined;
  /** Why it failed. */
  readonly reason: string | undefined;
}

export interface MessageToL1Result {
  readonly messageHash: string;
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly payload: readonly bigint[];
  readonly stage: MessageToL1Stage;
}

const POLL_MS = 20;
const SUCCEEDED = new Set(["executed", "settled"]);

/** See `StarknetConnection.waitForL2`. Rejects with Error. */
export async function waitForMessages(
  sequencer: Sequencer,
  { control, layer }: L1Side,
  transaction: L1TransactionLike,
  { timeout = 30_000, allowFailure = false }: WaitOptions = {},
): Promise<MessageToL2Result[]> {
  const hash = typeof transaction === "string" ? transaction : transaction.hash;
  const end = Date.now() + timeout;
  let receipt = await layer.ethereum.receipt(hash);
  while (receipt === undefined) {
    if (Date.now() > end)
      throw new Error(`transaction ${hash} is in no block of L1 after ${timeout} ms`);
    await sleep(POLL_MS);
    receipt = await layer.ethereum.receipt(hash);
  }
  if (!receipt.succeeded) throw new Error(`transaction ${hash} reverted on L1: it sent no message`);
  for (;;) {
    await layer.sync();
    await sequencer.exclusively(() => undefined);
    const messages = control.messagesOf(BigInt(hash));
    if (messages.length === 0)
      throw new Error(
        `transaction ${hash} sent no message to this L2: does its contract know the core contract ${layer.core.address}?`,
      );
    if (messages.every(({ stage }) => stage !== "waiting")) {
      const failed = messages.find(({ stage }) => !SUCCEEDED.has(stage));
      if (failed !== undefined && !allowFailure) throw new Error(describeFailure(failed));
      return messages.map(result);
    }
    if (Date.now() > end)
      throw new Error(`L2 has not executed the messages of ${hash} after ${timeout} ms`);
    await sleep(POLL_MS);
  }
}

function describeFailure({ stage, message, reason }: MessageToL2Report): string {
  const what = `message ${message.nonce} to ${toHex(message.toAddress)}`;
  switch (stage) {
    case "reverted":
      return `${what}: its handler reverted: ${reason}`;
    case "undeliverable":
      return `${what}: L2 cannot execute it: ${reason}`;
    default:
      return `${what}: its sender has asked for its cancellation`;
  }
}

const result = (report: MessageToL2Report): MessageToL2Result => ({
  messageHash: toPaddedHex(report.hash, 32),
  fromAddress: toPaddedHex(report.message.fromAddress, 20),
  toAddress: toHex(report.message.toAddress),
  selector: toHex(report.message.selector),
  payload: report.message.payload,
  nonce: report.message.nonce,
  stage: report.stage as MessageToL2Result["stage"],
  transactionHash: report.transactionHash === undefined ? undefined : toHex(report.transactionHash),
  blockNumber: report.block,
  reason: report.reason,
});

/** See `StarknetConnection.messagesToL1`. Rejects with Error for a transaction that L2 does not know. */
export async function messagesToL1Of(
  sequencer: Sequencer,
  { layer }: L1Side,
  transaction: L2TransactionLike,
): Promise<MessageToL1Result[]> {
  const hash = typeof transaction === "string" ? transaction : transaction.transaction_hash;
  await layer.sync();
  if (sequencer.chain.locate(BigInt(hash)) === undefined)
    throw new Error(`no block of L2 has a transaction ${hash}`);
  return messagesToL1(sequencer, layer)
    .filter(({ transactionHash }) => transactionHash === BigInt(hash))
    .map(({ message, hash, stage }) => ({
      messageHash: toPaddedHex(hash, 32),
      fromAddress: toHex(message.fromAddress),
      toAddress: toPaddedHex(message.toAddress, 20),
      payload: message.payload,
      stage,
    }));
}
