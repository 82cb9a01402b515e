/** What a subscription tells: of the past, of the present, and of what happens from then on. */
import type { Block } from "../../starknet/block.ts";
import type { ChainEvent } from "../../starknet/chain-view.ts";

export interface Feed {
  /** Name of the notification's method. */
  readonly notification: string;
  /** The first closed block to tell of. Without it, there is no past. */
  readonly from?: number;
  /** Results of a closed block of the past. */
  past?(block: Block): Iterable<unknown>;
  /** Results once the past is told, before anything new. */
  present?(): Iterable<unknown>;
  /** Results of what happened; it may be told later than it happened, so it asks the event and not the chain. */
  live(event: ChainEvent): Iterable<unknown>;
}
