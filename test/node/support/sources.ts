/** Sources of blocks inside the test's process: a true one, and those that do not say what it says. */
import type { BlockSource, SourceBlock, SourceHead } from "../../../src/node/block-source.ts";
import type { Chain } from "../../../src/sequencer/chain.ts";
import type { BlockHeader } from "../../../src/starknet/block.ts";
import type { SierraClass } from "../../../src/starknet/class/sierra.ts";
import type { StateDiff } from "../../../src/state/diff.ts";

/** Says what a chain has. */
export const chainSource = (chain: Chain): BlockSource => ({
  url: "the chain",
  head: () => {
    const { number, hash } = chain.latest();
    return Promise.resolve({ number, hash, latestOnL1: chain.latestOnL1() });
  },
  block: (number) => {
    const block = chain.block(number);
    return Promise.resolve(block && { block, stateDiff: chain.stateDiff(number)! });
  },
  sierraClass: (classHash) => Promise.resolve(chain.storedClass(classHash)?.sierra),
});

export interface Lies {
  readonly head?: (head: SourceHead) => SourceHead;
  readonly block?: (block: SourceBlock) => SourceBlock | undefined;
  readonly sierraClass?: (sierra: SierraClass) => SierraClass | undefined;
}

/** Says what another source says, but for the lies. */
export const lying = (source: BlockSource, lies: Lies): BlockSource => ({
  url: source.url,
  async head(signal) {
    const head = await source.head(signal);
    return lies.head?.(head) ?? head;
  },
  async block(number, signal) {
    const block = await source.block(number, signal);
    return block === undefined || lies.block === undefined ? block : lies.block(block);
  },
  async sierraClass(classHash, signal) {
    const sierra = await source.sierraClass(classHash, signal);
    return sierra === undefined || lies.sierraClass === undefined
      ? sierra
      : lies.sierraClass(sierra);
  },
});

export const withHeader = (
  { block, stateDiff }: SourceBlock,
  change: Partial<BlockHeader>,
): SourceBlock => ({ block: { ...block, header: { ...block.header, ...change } }, stateDiff });

export const withDiff = ({ block }: SourceBlock, stateDiff: StateDiff): SourceBlock => ({
  block,
  stateDiff,
});
