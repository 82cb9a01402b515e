import type { Felt } from "../../field/felt.ts";
import type { Gateway } from "../../sequencer/gateway.ts";
import type { ChainEvent, ChainView, TransactionStage } from "../../starknet/chain-view.ts";
import { toHex } from "../../util/hex.ts";
import { findTransaction } from "../blocks.ts";
import { formatStatus } from "../format/receipt.ts";
import type { Feed } from "./feed.ts";

/** Every change of one transaction's status, its present one first. */
export function transactionStatusFeed(chain: ChainView, gateway: Gateway, hash: Felt): Feed {
  let told: TransactionStage | undefined;
  const status = (stage: TransactionStage, result: object): unknown[] => {
    if (stage === told) return [];
    told = stage;
    return [{ transaction_hash: toHex(hash), status: result }];
  };
  const present = (): unknown[] => {
    const located = findTransaction(chain, hash);
    if (located !== undefined) {
      return status(located.finality, formatStatus(located.finality, located.receipt));
    }
    const stage = gateway.stageOf(hash);
    return stage === undefined ? [] : status(stage, formatStatus(stage, undefined));
  };
  return {
    notification: "starknet_subscriptionTransactionStatus",
    present,
    live(event) {
      if (!concerns(event, hash)) return [];
      switch (event.kind) {
        case "received":
          return status("RECEIVED", formatStatus("RECEIVED", undefined));
        case "candidate":
          return status("CANDIDATE", formatStatus("CANDIDATE", undefined));
        case "preConfirmed":
          return status("PRE_CONFIRMED", formatStatus("PRE_CONFIRMED", event.receipt));
        case "block": {
          const receipt = event.block.receipts.find(
            ({ transactionHash }) => transactionHash === hash,
          );
          return status("ACCEPTED_ON_L2", formatStatus("ACCEPTED_ON_L2", receipt));
        }
        default:
          // L1 may accept other blocks while news of this transaction still wait to be told.
          return told === "ACCEPTED_ON_L2" ? present() : [];
      }
    },
  };
}

function concerns(event: ChainEvent, hash: Felt): boolean {
  switch (event.kind) {
    case "received":
    case "candidate":
    case "preConfirmed":
      return event.transaction.hash === hash;
    case "block":
      return event.block.transactions.some((transaction) => transaction.hash === hash);
    case "acceptedOnL1":
      return true;
    case "reorg":
    case "refused":
      return false;
  }
}
