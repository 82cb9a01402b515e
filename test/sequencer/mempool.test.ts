import { expect } from "chai";
import fc from "fast-check";
import { GatewayError } from "../../src/sequencer/gateway.ts";
import { Mempool } from "../../src/sequencer/mempool.ts";
import type { InvokeTransaction, L1HandlerTransaction } from "../../src/starknet/transaction.ts";

let hashes = 0n;

function invoke(
  senderAddress: bigint,
  nonce: bigint,
  more: { tip?: bigint; price?: bigint } = {},
): { transaction: InvokeTransaction } {
  const bounds = { maxAmount: 1n, maxPricePerUnit: more.price ?? 100n };
  return {
    transaction: {
      type: "INVOKE",
      hash: ++hashes,
      version: 3n,
      senderAddress,
      nonce,
      signature: [],
      resourceBounds: { l1Gas: bounds, l2Gas: bounds, l1DataGas: bounds },
      tip: more.tip ?? 0n,
      paymasterData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
      calldata: [],
      accountDeploymentData: [],
    },
  };
}

const refusal = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return "taken";
};

/** Takes everything that can run, raising nonces as blocks would. */
function drain(pool: Mempool, nonces = new Map<bigint, bigint>()): bigint[] {
  const order: bigint[] = [];
  for (;;) {
    const entry = pool.take((account) => nonces.get(account) ?? 0n);
    if (entry === undefined) return order;
    order.push(entry.transaction.hash);
    if (entry.transaction.type === "L1_HANDLER") continue;
    nonces.set(entry.transaction.senderAddress, entry.transaction.nonce + 1n);
  }
}

describe("mempool", () => {
  it("lets a gap wait and runs it once the missing nonce is there", () => {
    const pool = new Mempool();
    const [first, second] = [invoke(1n, 0n), invoke(1n, 1n)];
    pool.add(second, () => 0n);
    expect(drain(pool)).to.deep.equal([]);
    pool.add(first, () => 0n);
    expect(drain(pool)).to.deep.equal([first.transaction.hash, second.transaction.hash]);
    expect(pool.size).to.equal(0);
  });

  it("prefers messages, then tips, then the first to arrive", () => {
    const pool = new Mempool();
    const [poor, rich, late] = [invoke(1n, 0n), invoke(2n, 0n, { tip: 5n }), invoke(3n, 0n)];
    const message: L1HandlerTransaction = {
      type: "L1_HANDLER",
      hash: ++hashes,
      version: 0n,
      nonce: 0n,
      contractAddress: 9n,
      entryPointSelector: 1n,
      calldata: [],
      paidFeeOnL1: 1n,
    };
    for (const entry of [poor, rich, late]) pool.add(entry, () => 0n);
    pool.addMessage(message);
    expect(drain(pool)).to.deep.equal(
      [message, rich.transaction, poor.transaction, late.transaction].map(({ hash }) => hash),
    );
  });

  it("makes room for what can run, by the last to come that waits for a nonce", () => {
    const pool = new Mempool({ capacity: 3, maxNonceGap: 3, replacementPercent: 10n });
    const waiting = [invoke(1n, 2n), invoke(2n, 1n), invoke(3n, 3n)] as const;
    for (const entry of waiting) pool.add(entry, () => 0n);
    expect(refusal(() => pool.add(invoke(4n, 1n), () => 0n))).to.equal("UNEXPECTED_ERROR");
    expect(pool.add(invoke(4n, 0n), () => 0n)).to.equal(waiting[2].transaction);
    // What comes after what can run can run, too.
    expect(pool.add(invoke(2n, 0n), () => 0n)).to.equal(waiting[0].transaction);
    expect(refusal(() => pool.add(invoke(5n, 0n), () => 0n))).to.equal("UNEXPECTED_ERROR");
    expect(pool.size).to.equal(3);
  });

  it("refuses duplicates, old nonces, far nonces and more than it can hold", () => {
    const pool = new Mempool({ capacity: 2, maxNonceGap: 3, replacementPercent: 10n });
    const known = invoke(1n, 5n);
    pool.add(known, () => 5n);
    expect(refusal(() => pool.add(known, () => 5n))).to.equal("DUPLICATE_TX");
    expect(refusal(() => pool.add(invoke(1n, 4n), () => 5n))).to.equal("INVALID_TRANSACTION_NONCE");
    expect(refusal(() => pool.add(invoke(1n, 9n), () => 5n))).to.equal("INVALID_TRANSACTION_NONCE");
    pool.add(invoke(1n, 8n), () => 5n);
    const nextNonce = (account: bigint): bigint => (account === 1n ? 5n : 0n);
    expect(refusal(() => pool.add(invoke(2n, 0n), nextNonce))).to.equal("UNEXPECTED_ERROR");
  });

  it("replaces a waiting transaction only by one that pays a tenth more", () => {
    const pool = new Mempool();
    pool.add(invoke(1n, 1n, { tip: 100n, price: 100n }), () => 0n);
    expect(refusal(() => pool.add(invoke(1n, 1n, { tip: 109n, price: 110n }), () => 0n))).to.equal(
      "REPLACEMENT_TRANSACTION_UNDERPRICED",
    );
    expect(refusal(() => pool.add(invoke(1n, 1n, { tip: 110n, price: 109n }), () => 0n))).to.equal(
      "REPLACEMENT_TRANSACTION_UNDERPRICED",
    );
    const better = invoke(1n, 1n, { tip: 110n, price: 110n });
    pool.add(better, () => 0n);
    expect(pool.transactions()).to.deep.equal([better.transaction]);
  });

  it("forgets what its account's nonce has passed", () => {
    const pool = new Mempool();
    pool.add(invoke(1n, 0n), () => 0n);
    pool.add(invoke(1n, 2n), () => 0n);
    pool.dropStale(1n, 2n);
    expect(pool.transactions().map(({ nonce }) => nonce)).to.deep.equal([2n]);
  });

  it("runs every account's nonces in order, whatever the order of arrival", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(24).keys()], { minLength: 24 }), (arrival) => {
        const pool = new Mempool();
        for (const i of arrival)
          pool.add(invoke(BigInt(i % 3), BigInt(Math.floor(i / 3))), () => 0n);
        const nonces = new Map<bigint, bigint>();
        expect(drain(pool, nonces)).to.have.length(24);
        expect([...nonces.values()]).to.deep.equal([8n, 8n, 8n]);
      }),
      { numRuns: 30 },
    );
  });
});
