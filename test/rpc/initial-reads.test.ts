/** What the transactions of a block read of the state before it: RETURN_INITIAL_READS. */
import { expect } from "chai";
import { BLOCK_HASH_CONTRACT } from "../../src/starknet/constants.ts";
import type { InitialReads } from "../../src/rpc/execution-service.ts";
import { createExecutionService } from "../../src/rpc/chain-execution.ts";
import { TestDevnet } from "../support/devnet.ts";
import { callOf, OsChain, PROBES } from "../os/support/os-chain.ts";

const PROBE = PROBES[0]!;

describe("rpc/chain-execution initialReads", function () {
  this.timeout(60_000);

  it("answers for blocks with transactions that were not validated", async () => {
    const devnet = await TestDevnet.start();
    try {
      await devnet.rpc("devnet_autoImpersonate");
      const hash = await devnet.send(0x1234n, 1n, { signature: [1n, 2n] });
      await devnet.rpc("devnet_stopAutoImpersonate");
      const answer = await devnet.rpc<{
        traces: { transaction_hash: string }[];
        initial_reads: { nonces: unknown[] };
      }>("starknet_traceBlockTransactions", [{ block_number: 1 }, ["RETURN_INITIAL_READS"]]);
      expect(answer.traces.map(({ transaction_hash }) => transaction_hash)).to.deep.equal([hash]);
      expect(answer.initial_reads.nonces).to.have.length(1);
    } finally {
      await devnet.close();
    }
  });

  describe("of a block hash", () => {
    let chain: OsChain;
    let number: number;
    beforeEach(async () => {
      chain = new OsChain();
      chain.supplyProbes();
      while (chain.core.sequencer.chain.latest().number < 12) await chain.block();
      number = chain.core.sequencer.chain.latest().number + 1;
    });
    afterEach(() => chain.close());

    /** Initial reads of a block whose one transaction asks for hashes of blocks. */
    const readsOf = async (...blocks: number[]): Promise<InitialReads> => {
      const { core } = chain;
      await chain.invoke(blocks.map((block) => callOf(PROBE, "block_hash", [BigInt(block)])));
      const { receipts } = await chain.block();
      expect(receipts.map(({ revertReason }) => revertReason)).to.deep.equal([undefined]);
      const execution = createExecutionService({
        chain: core.sequencer.chain,
        environment: core.environment,
        prepareClass: async () => undefined,
      });
      return execution.initialReads(number);
    };

    it("leave out the one that the block itself sets", async () => {
      const reads = await readsOf(number - 10);
      expect(reads.storage.has(BLOCK_HASH_CONTRACT)).to.equal(false);
      expect(reads.classHashes.has(PROBE)).to.equal(true);
    });

    it("have the others", async () => {
      const reads = await readsOf(number - 10, number - 11);
      const { hash } = chain.core.sequencer.chain.header(number - 11)!;
      expect(reads.storage.get(BLOCK_HASH_CONTRACT)).to.deep.equal(
        new Map([[BigInt(number - 11), hash]]),
      );
    });
  });
});
