import { expect } from "chai";
import { selector } from "../../../src/hash/keccak.ts";
import { CachedState } from "../../../src/state/cached-state.ts";
import {
  simulateL1Handler,
  simulateTransactions,
} from "../../../src/starknet/execution/estimate.ts";
import { messagesL1Gas } from "../../../src/starknet/fee/messages.ts";
import { QUERY_VERSION_BASE } from "../../../src/starknet/transaction.ts";
import type { AllResourceBounds } from "../../../src/starknet/transaction.ts";
import { BLOCK, callOf, STRK, TestChain } from "./support/chain.ts";

const RECIPIENT = 0x777n;
const transfer = callOf(STRK, "transfer", [RECIPIENT, 1000n, 0n]);
const NONE = { maxAmount: 0n, maxPricePerUnit: 0n };
const NO_BOUNDS: AllResourceBounds = { l1Gas: NONE, l1DataGas: NONE, l2Gas: NONE };

describe("simulations", () => {
  it("estimate what the transaction then costs", () => {
    const chain = new TestChain();
    const query = chain.invoke([transfer], {
      version: QUERY_VERSION_BASE + 3n,
      resourceBounds: NO_BOUNDS,
    });
    const overlay = new CachedState(chain.state);
    const [estimate] = simulateTransactions(chain.env, BLOCK, overlay, [query], {
      skipFeeCharge: true,
    });
    expect(estimate!.receipt.revertReason).to.equal(undefined);
    expect(chain.balance(RECIPIENT)).to.equal(0n);

    const { gas, prices, overallFee, unit } = estimate!.fee;
    expect(unit).to.equal("FRI");
    expect(prices).to.deep.equal({ l1Gas: 2_000n, l1DataGas: 20n, l2Gas: 6n });
    const resourceBounds = {
      l1Gas: { maxAmount: gas.l1Gas, maxPricePerUnit: prices.l1Gas },
      l1DataGas: { maxAmount: gas.l1DataGas, maxPricePerUnit: prices.l1DataGas },
      l2Gas: { maxAmount: gas.l2Gas, maxPricePerUnit: prices.l2Gas },
    };
    const { receipt } = chain.execute(chain.invoke([transfer], { resourceBounds }));
    expect(receipt.revertReason).to.equal(undefined);
    expect(receipt.resources).to.deep.equal(gas);
    expect(receipt.actualFee).to.equal(overallFee);
  });

  it("build on each other, and on unsigned transactions where validation is left out", () => {
    const chain = new TestChain();
    const transactions = [0n, 1n].map((nonce) => ({
      ...chain.invoke([transfer], { nonce }),
      signature: [],
    }));
    const overlay = new CachedState(chain.state);
    const results = [
      ...simulateTransactions(chain.env, BLOCK, overlay, transactions, { skipValidate: true }),
    ];
    expect(results.map(({ trace }) => trace.validate)).to.deep.equal([undefined, undefined]);
    const [first, second] = results.map(({ fee }) => fee.gas);
    // the first transfer allocates the recipient's balance, and the sequencer's is free
    expect(first!.l1Gas - second!.l1Gas).to.equal(551n);
    expect(overlay.nonceAt(chain.account)).to.equal(2n);
    expect(chain.state.nonceAt(chain.account)).to.equal(0n);
  });

  it("show a revert as a result", () => {
    const chain = new TestChain();
    const failing = chain.invoke([callOf(chain.probe, "fail", [1n, 5n])]);
    const overlay = new CachedState(chain.state);
    const [result] = simulateTransactions(chain.env, BLOCK, overlay, [failing]);
    expect(result!.trace.revertReason).to.contain("0x5");
  });

  it("estimate the handler of a message", () => {
    const chain = new TestChain();
    const message = {
      contractAddress: chain.probe,
      entryPointSelector: selector("handle"),
      calldata: [0x11n, 5n, 6n],
    };
    const { fee, receipt, gas } = simulateL1Handler(chain.env, BLOCK, chain.state, message);
    expect(receipt.revertReason).to.equal(undefined);
    expect(fee.unit).to.equal("WEI");
    expect(gas.messages.l1Gas).to.equal(messagesL1Gas({ toL1: [], toL2: 2 }));
    expect(fee.overallFee).to.equal(fee.gas.l1Gas * 1_000n + fee.gas.l2Gas * 3n);
    expect(chain.state.storageAt(chain.probe, 5n)).to.equal(0n);
  });
});
