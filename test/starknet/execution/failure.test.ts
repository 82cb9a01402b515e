import { expect } from "chai";
import { shortString } from "../../../src/field/short-string.ts";
import {
  ExecutionFailure,
  failure,
  failureParts,
  failureText,
  panicText,
} from "../../../src/starknet/execution/failure.ts";
import { panicTrace } from "../../../src/starknet/execution/panic-trace.ts";
import type { ExecutedCall } from "../../../src/starknet/execution/call-info.ts";

const EXECUTE = 0x15d40a3d6ca2ac30f4031e42be28da9b056fef9bb7357ac5e85627ee876e5adn;
const account = { contractAddress: 0xc0020000n, classHash: 0x80020000n, selector: EXECUTE };
const pad = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
const where = (frame: typeof account): string =>
  `(contract address: ${pad(frame.contractAddress)}, class hash: ${pad(frame.classHash)}, ` +
  `selector: ${pad(frame.selector)}):`;

// The layout is that of blockifier's regression texts, execution/stack_trace_regression/*.txt.
describe("failure texts", () => {
  const middle = { contractAddress: 0xc0070000n, classHash: 0x80070000n, selector: 5n };
  const last = { contractAddress: 0xc0070001n, classHash: 0x80070000n, selector: 6n };

  it("lists the contracts that passed a panic on", () => {
    const panic = {
      stage: "execution",
      frames: [account, middle, last],
      data: [shortString("fail")],
    } as const;
    const trace = new ExecutionFailure([{ kind: "panic", panic }]).within({
      kind: "frame",
      frame: { kind: "call", ...account },
    });
    expect(failureText(trace, "execution")).to.equal(
      [
        "Transaction execution has failed:",
        `0: Error in the called contract ${where(account)}`,
        "Execution failed. Failure reason:",
        `Error in contract ${where(account)}`,
        `Error in contract ${where(middle)}`,
        `Error in contract ${where(last)}`,
        "0x6661696c ('fail').\n",
      ].join("\n"),
    );
    expect(failureParts(trace)).to.deep.equal({
      frames: [account, middle, last],
      reason: "0x6661696c ('fail')",
    });
  });

  it("numbers calls, but not what is below a deployed constructor", () => {
    const constructor = { contractAddress: 9n, classHash: 8n, selector: 7n };
    const trace = failure("Deployment failed")
      .within({ kind: "vm", pc: 782, traceback: undefined })
      .within({ kind: "frame", frame: { kind: "libraryCall", ...last } })
      .within({ kind: "frame", frame: { kind: "constructor", ...constructor } })
      .within({ kind: "vm", pc: 544, traceback: undefined })
      .within({ kind: "frame", frame: { kind: "call", ...middle } })
      .within({ kind: "frame", frame: { kind: "call", ...account } });
    expect(failureText(trace, "execution")).to.equal(
      [
        "Transaction execution has failed:",
        `0: Error in the called contract ${where(account)}`,
        `1: Error in the called contract ${where(middle)}`,
        "Error at pc=0:544:",
        `2: Error in the contract class constructor ${where(constructor)}`,
        `2: Error in a library call ${where(last)}`,
        "Error at pc=0:782:",
        "Deployment failed",
      ].join("\n"),
    );
  });

  it("keep beginning and end where they are too long", () => {
    const long = failure(`${"a".repeat(10_000)}${"b".repeat(10_000)}`);
    const text = failureText(long, "validation");
    expect(text).to.equal(
      `Transaction validation has failed:\n${"a".repeat(7500)}\n\n...\n\n${"b".repeat(7500)}`,
    );
    const frames = new Array<typeof account>(200).fill(account);
    const many = panicText({ stage: "execution", frames, data: [1n] });
    expect(many.length).to.be.at.most(15_000);
    expect(many).to.match(/\n\n\.\.\.\nError in contract .*:\n0x1\.\n$/);
    const data = new Array<bigint>(5000).fill(shortString("a reason of some length"));
    const bare = panicText({ stage: "execution", frames: [account], data });
    expect(bare).to.have.length(15_000);
    expect(bare.endsWith("\n...")).to.equal(true);
  });
});

describe("panic traces", () => {
  const FAILED = shortString("ENTRYPOINT_FAILED");
  const call = (
    contractAddress: bigint,
    result: readonly bigint[],
    calls: readonly ExecutedCall[] = [],
    failed = true,
  ): ExecutedCall => ({
    contractAddress,
    callerAddress: 0n,
    classHash: 1n,
    entryPointType: "EXTERNAL",
    entryPointSelector: 2n,
    callType: "CALL",
    calldata: [],
    result,
    calls,
    events: [],
    messages: [],
    failed,
    trackedResource: "SIERRA_GAS",
    initialGas: 0n,
    sierraGas: 0n,
    vmResources: { steps: 0, memoryHoles: 0, builtins: {} },
  });
  const addresses = (root: ExecutedCall): bigint[] =>
    panicTrace(root, "execution").frames.map(({ contractAddress }) => contractAddress);

  it("follow the one inner call whose data were passed on", () => {
    const inner = call(30n, [7n]);
    const middle = call(20n, [7n, FAILED], [call(31n, [8n]), inner]);
    const root = call(10n, [7n, FAILED, FAILED], [call(21n, [7n, FAILED], [], false), middle]);
    expect(addresses(root)).to.deep.equal([10n, 20n, 30n]);
    expect(panicTrace(root, "execution").data).to.deep.equal([7n]);
  });

  it("stop at a call that panicked by itself", () => {
    expect(addresses(call(10n, [9n], [call(20n, [7n])]))).to.deep.equal([10n]);
  });

  it("give up where two inner calls failed alike", () => {
    const root = call(10n, [7n, FAILED], [call(20n, [7n]), call(21n, [7n])]);
    expect(panicTrace(root, "execution")).to.deep.equal({
      stage: "execution",
      frames: [],
      data: [7n, FAILED],
    });
  });
});
