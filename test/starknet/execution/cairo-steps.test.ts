import { expect } from "chai";
import { selector } from "../../../src/hash/keccak.ts";
import { maxSteps } from "../../../src/starknet/execution/context.ts";
import { OS_SYSCALL_RESOURCES, OS_TRANSACTION_RESOURCES } from "../../../src/starknet/constants.ts";
import {
  addResources,
  linearResources,
  vmResourcesL2Gas,
} from "../../../src/starknet/fee/vm-resources.ts";
import { BOUNDS, callOf, probeClass, span, TestChain } from "./support/chain.ts";
import type { LoadedClass } from "./support/chain.ts";

/** A contract whose class says that it was compiled to Sierra 1.6.0, before Sierra gas. */
const OLD = 0x01dn;

function oldProbe(): LoadedClass {
  const { sierra, casm, compiledClassHash } = probeClass();
  const [, , , ...program] = sierra.sierraProgram;
  return {
    sierra: { ...sierra, sierraProgram: [1n, 6n, 0n, ...program] },
    casm,
    classHash: 0x01dc1a55n,
    compiledClassHash,
  };
}

describe("classes without Sierra gas", () => {
  let chain: TestChain;
  beforeEach(() => {
    chain = new TestChain();
    chain.declare(oldProbe());
    chain.deploy(OLD, oldProbe().classHash, [1n, 2n]);
  });

  it("are charged by their steps, with everything below them", () => {
    const inner = [chain.probe, selector("read"), ...span([1n])];
    const { calls, gas, trace, result } = chain.run(callOf(OLD, "call", inner));
    expect(result).to.deep.equal([1n, 2n]);
    const account = calls.execute!;
    const [old] = account.calls;
    const [below] = old!.calls;
    expect(account.trackedResource).to.equal("SIERRA_GAS");
    expect(old!.trackedResource).to.equal("CAIRO_STEPS");
    expect(below!.trackedResource).to.equal("CAIRO_STEPS");
    expect(below!.sierraGas).to.equal(0n);
    expect(below!.vmResources.steps).to.be.greaterThan(90);
    // the inner call's steps, the caller's own and those of the syscall
    expect(old!.vmResources.steps).to.be.greaterThan(below!.vmResources.steps + 903);
    expect(old!.vmResources.builtins.range_check).to.be.greaterThan(18);
    expect(account.vmResources).to.deep.equal(old!.vmResources);
    // The account's syscall is paid by gas, and the inner call costs it none.
    expect(account.sierraGas).to.be.a("bigint");
    expect(account.sierraGas < 200_000n).to.equal(true);
    const overhead = linearResources(OS_TRANSACTION_RESOURCES.INVOKE, 8);
    expect(gas.computation.l2Gas).to.equal(
      calls.validate!.sierraGas +
        account.sierraGas +
        vmResourcesL2Gas(addResources(overhead, old!.vmResources)),
    );
    expect(trace.execute!.calls[0]!.gasConsumed).to.equal(vmResourcesL2Gas(old!.vmResources));
  });

  it("count the resources of the OS for each syscall", () => {
    const steps = (count: bigint): number =>
      chain.run(callOf(OLD, "emit_many", [count])).calls.execute!.calls[0]!.vmResources.steps;
    const [none, one, ten] = [steps(0n), steps(1n), steps(10n)];
    const perEvent = (ten - one) / 9;
    expect(perEvent).to.be.greaterThan(OS_SYSCALL_RESOURCES.EmitEvent.constant.steps);
    expect(one - none).to.be.at.least(OS_SYSCALL_RESOURCES.EmitEvent.constant.steps);
  });

  it("stop at the steps that the sender pays for, and are charged for them", () => {
    const maxAmount = 20_000_000n;
    const resourceBounds = { ...BOUNDS, l2Gas: { ...BOUNDS.l2Gas, maxAmount } };
    const burn = callOf(OLD, "burn", [1_000_000n]);
    const { receipt, gas } = chain.execute(chain.invoke([burn], { resourceBounds }));
    expect(receipt.revertReason).to.contain(
      "Could not reach the end of the program. RunResources has no remaining steps.",
    );
    // 200000 steps less validation and overhead, at 25/10000 L1 gas or 100 L2 gas each
    expect(gas.computation.l2Gas > 19_000_000n).to.equal(true);
    expect(gas.computation.l2Gas < 21_000_000n).to.equal(true);
    expect(receipt.actualFee <= maxAmount * 6n + receipt.resources.l1Gas * 2000n).to.equal(true);
  });

  it("have the protocol's limit where the sender pays for more", () => {
    expect(maxSteps("EXECUTE", 1n << 63n)).to.equal(10_000_000);
    expect(maxSteps("VALIDATE", undefined)).to.equal(1_000_000);
    expect(maxSteps("VALIDATE", 12_345n)).to.equal(123);
  });
});
