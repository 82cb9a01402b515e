import { OsChain } from "./support/os-chain.ts";
import { RandomBlocks } from "./support/random-blocks.ts";

/** The OS and the sequencer on random blocks, one by one and together. */
async function agree(seed: number, blocks: number, transactions: number): Promise<void> {
  const chain = new OsChain();
  try {
    chain.supplyProbes();
    const random = new RandomBlocks(chain, seed);
    for (let i = 0; i < blocks; i++) await random.next(transactions);
    const last = chain.core.sequencer.chain.latest().number;
    for (let number = 2; number <= last; number++) chain.prove(number);
    chain.prove(2, last);
  } finally {
    await chain.close();
  }
}

// OS_SEEDS=100-200 tries others.
const [from, to] = (process.env["OS_SEEDS"] ?? "1-6").split("-").map(Number) as [number, number];

describe("OS: random blocks", () => {
  for (let seed = from; seed <= to; seed++) {
    it(`agrees with the sequencer on seed ${seed}`, async () => {
      await agree(seed, 4, 8);
    });
  }
});
