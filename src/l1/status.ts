/** What is under way between the layers. */
import type { Felt } from "../field/felt.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { messageToL1Hash } from "../starknet/transaction-hash.ts";
import type { MessageToL1 } from "../starknet/receipt.ts";
import { NEVER_HANDLED, type SentMessage } from "./message-book.ts";
import type { SettlementLayer } from "./settlement-layer.ts";

/** How far a message to L2 is. */
export type MessageToL2Stage =
  /** L2 has not executed it yet. */
  | "waiting"
  /** Its block has not settled yet. */
  | "executed"
  /** Its handler failed. It stays pending on L1, and its sender may cancel it. */
  | "reverted"
  /** L2 can never handle it. */
  | "undeliverable"
  | "cancelling"
  | "cancelled"
  | "settled";

export interface MessageToL2Status {
  readonly sent: SentMessage;
  readonly stage: MessageToL2Stage;
  /** Block of L2 that executed it; undefined before that, and while the block is open. */
  readonly block: number | undefined;
  /** Why it failed, or cannot be executed. */
  readonly reason: string | undefined;
}

/** How far a message to L1 is. */
export type MessageToL1Stage =
  /** Its block has not settled yet. */
  "waiting" | "consumable" | "consumed";

export interface MessageToL1Status {
  readonly message: MessageToL1;
  readonly hash: bigint;
  readonly stage: MessageToL1Stage;
  /** Block of L2 that sent it; undefined while the block is open. */
  readonly block: number | undefined;
  readonly transactionHash: Felt;
}

/** Stage of a message to L2, from both layers. */
export function messageToL2Status(
  sequencer: Sequencer,
  layer: SettlementLayer,
  sent: SentMessage,
): MessageToL2Status {
  const { transaction, state } = sent;
  const status = (stage: MessageToL2Stage, reason?: string, block?: number): MessageToL2Status => ({
    sent,
    stage,
    block,
    reason,
  });
  if (transaction === undefined)
    return status(
      state === "cancelling" || state === "cancelled" ? state : "undeliverable",
      NEVER_HANDLED,
    );
  const location = sequencer.chain.locate(transaction.hash);
  if (location === undefined) {
    if (state === "cancelling" || state === "cancelled") return status(state);
    const refusal = layer.refusalOf(transaction.hash);
    return refusal === undefined ? status("waiting") : status("undeliverable", refusal);
  }
  const number = location.kind === "block" ? location.number : undefined;
  const { receipts } =
    number === undefined ? sequencer.chain.preConfirmed() : sequencer.chain.block(number)!;
  const { revertReason } = receipts[location.index]!;
  if (revertReason !== undefined)
    return status(state === "cancelled" ? state : "reverted", revertReason, number);
  const settled = number !== undefined && number <= (sequencer.chain.latestOnL1() ?? -1);
  return status(settled ? "settled" : "executed", undefined, number);
}

/** Messages to L1 of the blocks from `first` on, oldest first. */
export function messagesToL1(
  sequencer: Sequencer,
  layer: SettlementLayer,
  first = 0,
): MessageToL1Status[] {
  const { chain } = sequencer;
  const consumed = new Map<bigint, number>();
  for (const event of layer.events) {
    if (event.kind !== "consumedOnL1") continue;
    const hash = messageToL1Hash(event.message);
    consumed.set(hash, (consumed.get(hash) ?? 0) + 1);
  }
  const found: MessageToL1Status[] = [];
  const collect = (block: number | undefined, receipts: Receipts): void => {
    for (const { transactionHash, messages } of receipts) {
      for (const message of messages) {
        const hash = messageToL1Hash(message);
        const settled = block !== undefined && block <= (chain.latestOnL1() ?? -1);
        let stage: MessageToL1Stage = settled ? "consumable" : "waiting";
        // Equal messages are one number on L1: the oldest count as consumed first.
        const left = consumed.get(hash) ?? 0;
        if (settled && left > 0) {
          stage = "consumed";
          consumed.set(hash, left - 1);
        }
        found.push({ message, hash, stage, block, transactionHash });
      }
    }
  };
  for (let number = 0; number <= chain.latest().number; number++)
    if (chain.header(number)!.transactionCount > 0) collect(number, chain.block(number)!.receipts);
  collect(undefined, chain.preConfirmed().receipts);
  return found.filter(({ block }) => block === undefined || block >= first);
}

type Receipts = ReturnType<Sequencer["chain"]["preConfirmed"]>["receipts"];
