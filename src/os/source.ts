/** The sequencer's chain as the source of what the OS needs. */
import type { Chain } from "../sequencer/chain.ts";
import type { OsSource } from "./input.ts";

const NO_CONTRACT = { classHash: 0n, storageRoot: 0n, nonce: 0n } as const;

export const chainSource = (chain: Chain): OsSource => ({
  block: (number) => chain.block(number),
  blockHash: (number) => chain.header(number)?.hash,
  stateDiff: (number) => chain.stateDiff(number),
  casmClass: (classHash) => chain.casmClass(classHash),
  osState(number) {
    const { contractsRoot, classesRoot } = chain.state.roots(number);
    return {
      reader: chain.state.readerAt(number),
      nodes: chain.state.nodes,
      contractsRoot,
      classesRoot,
      contract(address) {
        const request = { contractAddresses: [address], classHashes: [], storageKeys: [] };
        return chain.state.storageProof(number, request).contractLeaves[0] ?? NO_CONTRACT;
      },
    };
  },
});
