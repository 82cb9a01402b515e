import { expect } from "chai";
import { NODE_LIMITS } from "../../../src/starknet/constants.ts";
import type { TransactionExecution } from "../../../src/starknet/execution/transaction.ts";
import { BOUNDS, callOf, floodClass, TestChain } from "./support/chain.ts";

const FLOOD = 0xf100dn;
const resourceBounds = { ...BOUNDS, l1Gas: { ...BOUNDS.l1Gas, maxAmount: 10n ** 9n } };

// Without bounds each of these runs for minutes or fills gigabytes, for the gas of one transaction.
describe("bounds of a transaction's work", () => {
  let chain: TestChain;
  beforeEach(() => {
    chain = new TestChain();
    const flood = floodClass();
    chain.declare(flood);
    chain.deploy(FLOOD, flood.classHash, []);
  });

  const flood = (name: string, ...calldata: bigint[]): TransactionExecution =>
    chain.execute(chain.invoke([callOf(FLOOD, name, calldata)], { resourceBounds }));

  function revertsAtLimit(execution: TransactionExecution): void {
    expect(execution.receipt.revertReason).to.contain(
      `Syscalls passed on more than ${NODE_LIMITS.copiedFelts} felts, the limit of this node.`,
    );
    expect(execution.receipt.actualFee > 0n).to.equal(true);
    expect(execution.receipt.events.every(({ fromAddress }) => fromAddress !== FLOOD)).to.equal(
      true,
    );
  }

  it("stops calls that pass a large array on and on", () => {
    revertsAtLimit(flood("call_nothing", 20_000n, 5_000n));
  });

  it("lets a contract pass on as much as the limit", () => {
    // Each call copies its calldata and the one felt of its panic.
    const [size, times] = [10_000n, BigInt(NODE_LIMITS.copiedFelts) / 10_001n - 1n];
    expect(flood("call_nothing", size, times).receipt.revertReason).to.equal(undefined);
    revertsAtLimit(flood("call_nothing", size, times + 3n));
  });

  it("stops events that are undone and emitted again", () => {
    revertsAtLimit(flood("emit_in_vain", 300n, 900n, 1_000n));
  });

  it("stops messages to L1 without end", () => {
    revertsAtLimit(flood("send", 20_000n, 1_000n));
  });

  it("reads what keccak hashes only when it is paid for", () => {
    // Arrays of which none is whole blocks: each is refused. Reading them would be 200 million felts.
    const { receipt } = flood("hash", 20_001n, 10_000n);
    expect(receipt.revertReason).to.equal(undefined);
  });

  it("lets gas end floods of calls and of storage writes", () => {
    for (const name of ["call_often", "write"]) {
      expect(flood(name, 1_000_000n).receipt.revertReason).to.contain("Out of gas");
    }
  });
});
