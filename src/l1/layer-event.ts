/** What happens between the layers, for whoever tells a person. */
import type { MessageToL1 } from "../starknet/receipt.ts";
import type { L1HandlerTransaction } from "../starknet/transaction.ts";
import type { SentMessage } from "./message-book.ts";
import type { QueueEvent } from "../proving/queue/proof-queue.ts";
import type { ProvingEvent } from "../proving/service.ts";
import type { SettledRange } from "./settler.ts";

export type LayerEvent =
  | ProvingEvent
  | QueueEvent
  /** A message to L2 is on L1; L2 executes it next, where it can. */
  | { readonly kind: "messageSeen"; readonly sent: SentMessage }
  | { readonly kind: "messageCancelled"; readonly sent: SentMessage }
  | { readonly kind: "settled"; readonly range: SettledRange }
  /** Its receiver on L1 has consumed a message of L2. */
  | { readonly kind: "consumedOnL1"; readonly message: MessageToL1 }
  /** L1 has taken back blocks with so many events of the core contract. */
  | { readonly kind: "l1Reorg"; readonly lost: number }
  /** L2 made its blocks from `first` on anew, without messages that L1 has taken back. */
  | {
      readonly kind: "replayed";
      readonly first: number;
      readonly dropped: readonly L1HandlerTransaction[];
    }
  /** Something failed; it is tried again. */
  | { readonly kind: "problem"; readonly message: string }
  /** What had failed works again. */
  | { readonly kind: "recovered" };
