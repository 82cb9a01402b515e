/** Whether the stored ends are those of L1. */
import { isDeepStrictEqual } from "node:util";
import type { Ethereum } from "../../l1/ethereum.ts";
import { logRanges } from "../../l1/log-ranges.ts";
import { shown } from "../divergence.ts";
import { findInitialState } from "./initial-state.ts";
import { damaged } from "./stored-data.ts";
import type { End } from "./tables.ts";
import { readUpdates, UPDATE_TOPICS, type UpdateEvent } from "./update-events.ts";

/**
 * Reads L1's logs from the initial state on once more, without the state diffs: every stored end must be there as it
 * is stored. Their blocks are known to be L1's. Rejects with StoreError, L1NodeError and L1's errors.
 */
export async function expectEnds(
  ethereum: Ethereum,
  core: string,
  ends: readonly End[],
): Promise<void> {
  const [initial, newest] = [ends[0]!, ends.at(-1)!];
  const last = newest.place.blockNumber;
  const found: End[] = [(await findInitialState(ethereum, core, last)).end];
  const pieces = logRanges(ethereum, core, initial.place.blockNumber, last, UPDATE_TOPICS);
  for await (const { logs } of pieces)
    for (const event of readUpdates(logs, core)) {
      const { blockNumber, logIndex } = event.place;
      if (blockNumber === last && logIndex > newest.place.logIndex) break;
      // Where the core contract was set back by hand, later updates begin at an earlier end.
      while (found.length > 1 && found.at(-1)!.number >= event.firstBlock) found.pop();
      found.push(endOf(event));
    }
  if (found.length !== ends.length)
    throw damaged(
      `it has ${ends.length - 1} updates up to block ${newest.number}, and L1 has ${found.length - 1}`,
    );
  for (const [index, end] of ends.entries())
    if (!isDeepStrictEqual(end, found[index]))
      throw damaged(`it has the update ${shown(end)}, and L1 has ${shown(found[index])}`);
}

const endOf = ({ firstBlock, lastBlock, lastHash, root, place }: UpdateEvent): End => ({
  first: firstBlock,
  number: lastBlock,
  hash: lastHash,
  root,
  place,
});
