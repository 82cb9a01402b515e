/** Changes that no transaction makes, between transactions of clients that do not pause. */
import { expect } from "chai";
import { DevnetCore } from "../../src/devnet/core.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { signedInvoke } from "../../src/devnet/signed-invoke.ts";
import { selector } from "../../src/hash/keccak.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { BLOCK_HASH_CONTRACT } from "../../src/starknet/constants.ts";
import type {
  DeployAccountTransaction,
  InvokeTransaction,
  L1HandlerTransaction,
} from "../../src/starknet/transaction.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";

const ACCOUNTS = 3;
/** So many transactions does a client send, each when the last one is answered. */
const SENT = 40;

describe("sequencer", function () {
  this.timeout(60_000);
  let core: DevnetCore;
  beforeEach(() => {
    const { options } = readOptions({ accounts: ACCOUNTS });
    core = new DevnetCore({
      options: { ...options, seed: 0 },
      store: new MemoryStore(),
      log: silentLog,
    });
  });
  afterEach(() => core.close());

  const transfer = (from: number): InvokeTransaction =>
    signedInvoke(core, core.accounts[from]!, {
      to: STRK_TOKEN,
      selector: selector("transfer"),
      calldata: [0x1234n, 1n, 0n],
    });
  const send = (from: number): Promise<void> =>
    core.sequencer.submit({ transaction: transfer(from) });
  const client = async (from: number): Promise<void> => {
    for (let i = 0; i < SENT; i++) await send(from);
  };
  const clients = async (): Promise<void> => {
    await Promise.all([...Array(ACCOUNTS).keys()].map(client));
  };
  const height = (): number => core.sequencer.chain.latest().number;
  const message = (hash: bigint): L1HandlerTransaction => ({
    type: "L1_HANDLER",
    version: 0n,
    hash,
    contractAddress: STRK_TOKEN,
    entryPointSelector: 1n,
    nonce: hash,
    calldata: [1n],
    paidFeeOnL1: 1n,
  });

  it("makes changes while clients send one transaction after the other, in order", async () => {
    const { sequencer } = core;
    const done = clients();
    await new Promise(setImmediate);
    const heights = await Promise.all(
      [1, 2].map((n) =>
        sequencer.exclusively(() => {
          expect(sequencer.openBlock().isEmpty).to.equal(true);
          return [n, sequencer.closeBlock().header.number];
        }),
      ),
    );
    expect(height()).to.be.lessThan(ACCOUNTS * SENT);
    expect(heights[1]).to.deep.equal([2, heights[0]![1]! + 1]);
    await done;
    expect(await sequencer.exclusively(height)).to.equal(ACCOUNTS * SENT + 2);
  });

  it("makes a change after all that could run when it was asked for, and before what came later", async () => {
    const { sequencer } = core;
    const [first, gap] = [transfer(0), { ...transfer(1), nonce: 1n }];
    const order: string[] = [];
    sequencer.chain.subscribe((event) => {
      if (event.kind === "preConfirmed") order.push(`${event.transaction.hash}`);
    });
    const change = (name: string): Promise<void> =>
      sequencer.exclusively(() => void order.push(name));
    sequencer.submitMessage(message(1n));
    sequencer.submitMessage(message(2n));
    const sent = sequencer.submit({ transaction: first });
    // Nothing comes before the nonce of this one, so nobody waits for it.
    const waits = sequencer.submit({ transaction: gap });
    await Promise.resolve();
    const changed = change("change");
    sequencer.submitMessage(message(3n));
    const later = change("later");
    await Promise.all([sent, waits, changed, later]);
    expect(order).to.deep.equal(["1", "2", `${first.hash}`, "change", "3", "later"]);
  });

  it("makes a change at once where nothing runs, and tells the error of one that fails", async () => {
    let made = false;
    const change = core.sequencer.exclusively(() => {
      made = true;
      throw new RangeError("no");
    });
    expect(made).to.equal(true);
    expect(await change.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    await send(0);
    expect(await core.sequencer.exclusively(height)).to.equal(1);
  });

  it("stops while clients send: what came before is in a block, nothing runs afterwards", async () => {
    const done = clients().catch((error: unknown) => (error as Error).message);
    await new Promise(setImmediate);
    await core.sequencer.stop();
    const stopped = height();
    expect(stopped).to.be.within(1, ACCOUNTS * SENT - 1);
    expect(await done).to.equal("the sequencer has stopped");
    expect(height()).to.equal(stopped);
  });

  it("has the hashes of the blocks that are there, where blocks are made again without a message", async () => {
    const { sequencer } = core;
    sequencer.submitMessage(message(77n));
    await sequencer.exclusively(() => undefined);
    for (let i = 0; i < 14; i++) sequencer.closeBlock();
    const before = sequencer.chain.header(1)!.hash;
    await sequencer.exclusively(() => sequencer.replayWithout(1, new Set([77n])));
    expect(height()).to.equal(15);
    for (const number of [1, 5]) {
      const { hash } = sequencer.chain.header(number)!;
      const noted = sequencer.chain.state.latest().storageAt(BLOCK_HASH_CONTRACT, BigInt(number));
      expect(noted, String(number)).to.equal(hash);
    }
    expect(sequencer.chain.header(1)!.hash).to.not.equal(before);
  });

  it("takes no deployment of an account with another nonce than 0, which could never run", async () => {
    const transaction = {
      ...{ type: "DEPLOY_ACCOUNT", version: 3n, hash: 1n, nonce: 5n, senderAddress: 5n },
      signature: [],
    } as unknown as DeployAccountTransaction;
    const error = await core.sequencer.submit({ transaction }).catch((refusal: unknown) => refusal);
    expect(error).to.include({ code: "INVALID_TRANSACTION_NONCE" });
  });
});
