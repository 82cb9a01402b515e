/** Whatever a transaction carries, it executes, reverts or is rejected; nothing else happens. */
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../../src/field/felt.ts";
import { SELECTORS } from "../../../src/starknet/constants.ts";
import { callContract, CallError } from "../../../src/starknet/execution/call.ts";
import { TransactionRejected } from "../../../src/starknet/execution/rejection.ts";
import { probeClass, STRK, TestChain } from "./support/chain.ts";

const felt = fc.oneof(
  fc.bigInt({ min: 0n, max: P - 1n }),
  fc.bigInt({ min: 0n, max: 8n }),
  fc.constantFrom(P - 1n, 1n << 128n, 1n << 251n, (1n << 64n) - 1n, 1n << 160n),
);

describe("arbitrary input", () => {
  const chain = new TestChain();
  const selectors = [
    ...chain.env.classes.runnable(probeClass().classHash)!.entryPoints.EXTERNAL.keys(),
  ];
  const address = fc.oneof(fc.constantFrom(chain.probe, chain.account, STRK, 0n, 1n), felt);
  const selector = fc.oneof(fc.constantFrom(...selectors, SELECTORS.execute), felt);
  const felts = fc.array(felt, { maxLength: 12 });

  it("to calls gives return data or a CallError", () => {
    fc.assert(
      fc.property(address, selector, felts, (contractAddress, entryPointSelector, calldata) => {
        const before = chain.state.diff();
        const call = { contractAddress, entryPointSelector, calldata };
        try {
          callContract(chain.env, chain.block, chain.state, call);
        } catch (error) {
          expect(error).to.be.instanceOf(CallError);
        }
        expect(chain.state.diff()).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });

  it("to transactions gives a receipt or a rejection without a trace", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc
            .tuple(address, selector, felts)
            .map(([to, name, calldata]) => [1n, to, name, BigInt(calldata.length), ...calldata]),
          felts,
        ),
        fc.boolean(),
        (calldata, skipValidate) => {
          const before = chain.state.diff();
          const nonce = chain.state.nonceAt(chain.account);
          const balance = chain.balance(chain.account);
          try {
            const { receipt } = chain.execute(chain.invoke([], { calldata }), { skipValidate });
            expect(chain.state.nonceAt(chain.account)).to.equal(nonce + 1n);
            if (receipt.revertReason !== undefined) {
              expect(chain.balance(chain.account)).to.equal(balance - receipt.actualFee);
            }
          } catch (error) {
            expect(error).to.be.instanceOf(TransactionRejected);
            expect(chain.state.diff()).to.deep.equal(before);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
