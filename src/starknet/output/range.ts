/** Which blocks go into one state update. */
import type { ChainView } from "../chain-view.ts";
import { messageWords, stateDiffWords } from "./size.ts";

/**
 * What fits into one update. Nodes take transactions of 128 KiB: 4096 words, of which some 30 are header, sizes,
 * envelope and signature. Gas is what the blocks' transactions pay for on L1, below the 2^24 of a transaction.
 */
export const UPDATE_LIMITS = { outputWords: 4_000, l1Gas: 12_000_000n } as const;

/** Blocks `first` to `last`, both included. */
export interface BlockRange {
  readonly first: number;
  readonly last: number;
}

/** As it is shown. */
export const blocksText = ({ first, last }: BlockRange): string =>
  first === last ? `block ${first}` : `blocks ${first} to ${last}`;

/** The longest range of blocks from `first` on, at most to `last`, that fits into one update; one block at least. */
export function nextRange(chain: ChainView, first: number, last: number): BlockRange {
  let words = 0;
  let gas = 0n;
  for (let number = first; number <= last; number++) {
    const { transactions, receipts } = chain.block(number)!;
    words += stateDiffWords(chain.stateDiff(number)!);
    transactions.forEach((transaction, i) => {
      words += messageWords(transaction, receipts[i]!);
      gas += receipts[i]!.resources.l1Gas;
    });
    const fits = words <= UPDATE_LIMITS.outputWords && gas <= UPDATE_LIMITS.l1Gas;
    if (!fits && number > first) return { first, last: number - 1 };
  }
  return { first, last };
}
