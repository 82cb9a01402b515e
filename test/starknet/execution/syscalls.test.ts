import { expect } from "chai";
import { createECDH, createHash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { shortString } from "../../../src/field/short-string.ts";
import { selector } from "../../../src/hash/keccak.ts";
import { contractAddress } from "../../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import {
  BLOCK_HASH_CONTRACT,
  DEFAULT_INITIAL_GAS,
  SELECTORS,
} from "../../../src/starknet/constants.ts";
import { callContract, NO_TRANSACTION } from "../../../src/starknet/execution/call.ts";
import type { CallError } from "../../../src/starknet/execution/call.ts";
import {
  ExecutionContext,
  maxSteps,
  transactionInfo,
} from "../../../src/starknet/execution/context.ts";
import type { ExecutionMode } from "../../../src/starknet/execution/context.ts";
import { callL1Gas } from "../../../src/starknet/execution/call-info.ts";
import type { ExecutedCall } from "../../../src/starknet/execution/call-info.ts";
import { executeCall } from "../../../src/starknet/execution/entry-point.ts";
import { ExecutionFailure } from "../../../src/starknet/execution/failure.ts";
import { invokeV0Hash } from "../../../src/starknet/transaction-hash.ts";
import { StoreError } from "../../../src/state/store/store-error.ts";
import { toPaddedHex } from "../../../src/util/hex.ts";
import { BLOCK, BOUNDS, callOf, probeClass, span, TestChain } from "./support/chain.ts";
import type { Call } from "./support/chain.ts";

const word = (value: bigint): bigint[] => [value & ((1n << 128n) - 1n), value >> 128n];
const number = (low: bigint, high: bigint): bigint => low + (high << 128n);

describe("syscalls", () => {
  let chain: TestChain;
  beforeEach(() => {
    chain = new TestChain();
  });

  const probe = (name: string, ...calldata: bigint[]): Call => callOf(chain.probe, name, calldata);
  const view = (name: string, ...calldata: bigint[]): readonly bigint[] =>
    callContract(chain.env, chain.block, chain.state, {
      contractAddress: chain.probe,
      entryPointSelector: selector(name),
      calldata,
    });
  /** A call of the probe by itself, in a mode of choice. */
  function direct(
    name: string,
    calldata: bigint[],
    mode: ExecutionMode = "EXECUTE",
    initialGas = DEFAULT_INITIAL_GAS,
  ): ExecutedCall {
    const { env, block, state } = chain;
    const steps = maxSteps(mode, undefined);
    const info = NO_TRANSACTION;
    const context = new ExecutionContext({ env, block, state, info, mode, initialGas, steps });
    return executeCall(context, {
      classHash: undefined,
      contractAddress: chain.probe,
      callerAddress: 0x1234n,
      entryPointType: "EXTERNAL",
      entryPointSelector: selector(name),
      callType: "CALL",
      calldata,
      initialGas,
    });
  }
  function failureOf(action: () => unknown): string {
    try {
      action();
    } catch (error) {
      expect(error).to.be.instanceOf(ExecutionFailure);
      return (error as Error).message;
    }
    throw new Error("expected a failure");
  }
  const revertReason = (...calls: Call[]): string =>
    chain.execute(chain.invoke(calls)).receipt.revertReason ?? "";

  it("storage_read of a damaged row is nobody's revert", () => {
    const { state } = chain;
    const real = state.storageAt.bind(state);
    state.storageAt = (address, key) => {
      if (address === chain.probe) throw new StoreError("CORRUPT", "the row is damaged");
      return real(address, key);
    };
    const nonce = state.nonceAt(chain.account);
    expect(() => chain.execute(chain.invoke([probe("read", 1n)]))).to.throw(StoreError);
    expect(state.nonceAt(chain.account)).to.equal(nonce);
  });

  it("storage_read and storage_write keep values in the contract's storage", () => {
    expect(view("read", 1n)).to.deep.equal([2n]);
    chain.run(probe("write", 5n, 6n));
    expect(chain.state.storageAt(chain.probe, 5n)).to.equal(6n);
    expect(view("read", 5n)).to.deep.equal([6n]);
    expect(view("read", 6n)).to.deep.equal([0n]);
  });

  it("call_contract shows its caller a panic, and undoes what the call did", () => {
    const inner = probe("write_then_panic", 5n, 6n, 7n);
    const { result, receipt, trace } = chain.run(
      probe("try_call", inner.to, inner.selector, ...span(inner.calldata)),
      probe("emit", 0n, 0n),
    );
    expect(result).to.deep.equal([0n, 2n, 7n, shortString("ENTRYPOINT_FAILED")]);
    expect(chain.state.storageAt(chain.probe, 5n)).to.equal(0n);
    expect(receipt.events).to.have.length(2);
    const [failed] = trace.execute!.calls[0]!.calls;
    expect(failed!.failed).to.equal(true);
    expect(failed!.events).to.deep.equal([]);
    expect(failed!.result).to.deep.equal([7n]);
    // the event after it counts from 0 again
    expect(trace.execute!.calls[1]!.events[0]!.order).to.equal(0);
  });

  it("call_contract answers ENTRYPOINT_NOT_FOUND, and fails where nothing is deployed", () => {
    const { result } = chain.run(probe("try_call", chain.probe, 9n, 0n));
    const reasons = ["ENTRYPOINT_NOT_FOUND", "ENTRYPOINT_FAILED"].map(shortString);
    expect(result).to.deep.equal([0n, 2n, ...reasons]);
    expect(revertReason(probe("try_call", 0x404n, 9n, 0n))).to.match(
      new RegExp(
        "^Transaction execution has failed:\n0: Error in the called contract \\(.*\\):\n" +
          "Error at pc=0:\\d+:\n(?:Cairo traceback[^]*)?" +
          "1: Error in the called contract \\(.*\\):\nError at pc=0:\\d+:\n(?:Cairo traceback[^]*)?" +
          `2: Error in the called contract \\(contract address: ${toPaddedHex(0x404n, 32)}, ` +
          `class hash: ${toPaddedHex(0n, 32)}, selector: ${toPaddedHex(9n, 32)}\\):\n` +
          `Requested contract address ${toPaddedHex(0x404n, 32)} is not deployed\\.\n$`,
      ),
    );
  });

  it("call_contract does not call __execute__", () => {
    const { result } = chain.run(probe("try_call", chain.account, SELECTORS.execute, 1n, 0n));
    expect(result).to.deep.equal([0n, 1n, shortString("Invalid argument")]);
  });

  it("library_call runs another class on the caller's storage", () => {
    const { classHash } = probeClass();
    const { trace } = chain.run(
      probe("library_call", classHash, selector("write"), ...span([8n, 9n])),
    );
    expect(chain.state.storageAt(chain.probe, 8n)).to.equal(9n);
    const [library] = trace.execute!.calls[0]!.calls;
    expect(library!.callType).to.equal("DELEGATE");
    expect(library!.contractAddress).to.equal(chain.probe);
    expect(library!.callerAddress).to.equal(chain.account);
    expect(revertReason(probe("library_call", 0x77n, 1n, 0n))).to.contain(
      `Class with hash ${toPaddedHex(0x77n, 32)} is not declared.`,
    );
  });

  it("deploy runs the constructor at the computed address", () => {
    const { classHash } = probeClass();
    for (const fromZero of [false, true]) {
      const { result } = chain.run(
        probe("deploy", classHash, 3n, ...span([4n, 5n]), fromZero ? 1n : 0n),
      );
      const address = contractAddress({
        deployer: fromZero ? 0n : chain.probe,
        salt: 3n,
        classHash,
        constructorCalldata: [4n, 5n],
      });
      expect(result).to.deep.equal([address, 1n, 6n]);
      expect(chain.state.classHashAt(address)).to.equal(classHash);
      expect(chain.state.storageAt(address, 4n)).to.equal(5n);
    }
  });

  it("deploy fails the transaction where it cannot deploy", () => {
    const { classHash } = probeClass();
    const panics = probe("deploy", classHash, 3n, ...span([shortString("panic"), 5n]), 0n);
    const reason = revertReason(panics);
    expect(reason).to.contain("2: Error in the contract class constructor (contract address: ");
    expect(reason).to.contain("('Constructor told to panic')");
    chain.run(probe("deploy", classHash, 3n, ...span([4n, 5n]), 0n));
    expect(revertReason(probe("deploy", classHash, 3n, ...span([4n, 5n]), 0n))).to.contain(
      "Deployment failed: contract already deployed at address 0x",
    );
    const { classHash: withoutConstructor } = loadSystemClass("udc");
    chain.declare(loadSystemClass("udc"));
    const empty = chain.run(probe("deploy", withoutConstructor, 3n, 0n, 0n));
    expect(empty.result.slice(1)).to.deep.equal([0n]);
    expect(revertReason(probe("deploy", withoutConstructor, 4n, 1n, 5n, 0n))).to.contain(
      "Cannot pass calldata to a contract with no constructor.",
    );
    expect(revertReason(probe("deploy", 0x77n, 4n, 0n, 0n))).to.contain("is not declared.");
  });

  it("replace_class changes the class, to a declared one only", () => {
    const { classHash } = loadSystemClass("account");
    const { trace } = chain.run(probe("replace_class", classHash));
    expect([...trace.stateDiff.replacedClasses]).to.deep.equal([[chain.probe, classHash]]);
    expect(chain.state.classHashAt(chain.probe)).to.equal(classHash);
    chain = new TestChain();
    expect(revertReason(probe("replace_class", 0x77n))).to.contain(
      `Class with hash ${toPaddedHex(0x77n, 32)} is not declared.`,
    );
  });

  it("emit_event keeps to the limits of an event and of a transaction", () => {
    const { receipt, trace } = chain.run(probe("emit", ...span([1n, 2n]), ...span([3n])));
    expect(receipt.events[0]).to.deep.equal({
      fromAddress: chain.probe,
      keys: [1n, 2n],
      data: [3n],
    });
    expect(trace.execute!.calls[0]!.events).to.deep.equal([
      { order: 0, keys: [1n, 2n], data: [3n] },
    ]);
    const many = (length: number): bigint[] => span(new Array<bigint>(length).fill(1n));
    chain.run(probe("emit", ...many(50), ...many(300)));
    expect(revertReason(probe("emit", ...many(51), 0n))).to.contain(
      "Exceeded the maximum keys length, keys length: 51, max keys length: 50.",
    );
    expect(revertReason(probe("emit", 0n, ...many(301)))).to.contain(
      "Exceeded the maximum data length, data length: 301, max data length: 300.",
    );
    expect(chain.run(probe("emit_many", 1000n)).receipt.events).to.have.length(1001);
    expect(revertReason(probe("emit_many", 1001n))).to.contain(
      "Exceeded the maximum number of events, number events: 1001, max number events: 1000.",
    );
  });

  it("send_message_to_l1 sends to addresses of L1 only", () => {
    const { receipt, trace, gas } = chain.run(probe("message", 0xe7n, ...span([1n, 2n])));
    expect(callL1Gas(trace.execute!)).to.equal(gas.messages.l1Gas);
    expect(callL1Gas(trace.validate!)).to.equal(0n);
    expect(receipt.messages).to.deep.equal([
      { fromAddress: chain.probe, toAddress: 0xe7n, payload: [1n, 2n] },
    ]);
    expect(revertReason(probe("message", 1n << 160n, 0n))).to.contain(
      `Out of range ${1n << 160n}.`,
    );
  });

  it("get_block_hash knows blocks that are ten blocks old", () => {
    const oldest = BigInt(BLOCK.number - 10);
    chain.state.setStorage(BLOCK_HASH_CONTRACT, oldest, 0xb10cn);
    expect(view("block_hash", oldest)).to.deep.equal([0xb10cn]);
    expect(revertReason(probe("block_hash", oldest + 1n))).to.contain(
      "'Block number out of range'",
    );
    expect(failureOf(() => direct("block_hash", [oldest + 1n], "VALIDATE"))).to.contain(
      "Unauthorized syscall get_block_hash on recent blocks in execution mode Validate.",
    );
    expect(direct("block_hash", [oldest], "VALIDATE").result).to.deep.equal([0xb10cn]);
    chain.block = { ...BLOCK, number: 5 };
    expect(revertReason(probe("block_hash", 0n))).to.contain("'Block number out of range'");
  });

  it("get_class_hash_at answers 0 where nothing is, and is not for validation", () => {
    expect(view("class_hash_at", chain.probe)).to.deep.equal([probeClass().classHash]);
    expect(view("class_hash_at", 0x404n)).to.deep.equal([0n]);
    expect(failureOf(() => direct("class_hash_at", [5n], "VALIDATE"))).to.contain(
      "Unauthorized syscall get_class_hash_at in execution mode Validate.",
    );
  });

  it("get_execution_info tells of block, transaction and call", () => {
    const transaction = chain.invoke([probe("info")], { tip: 3n, paymasterData: [4n] });
    const { calls } = chain.execute(transaction);
    const bound = (name: string, { maxAmount, maxPricePerUnit }: typeof BOUNDS.l1Gas) => [
      shortString(name),
      maxAmount,
      maxPricePerUnit,
    ];
    expect(calls.execute!.calls[0]!.result).to.deep.equal([
      ...[BigInt(BLOCK.number), BigInt(BLOCK.timestamp), BLOCK.sequencerAddress],
      ...[3n, chain.account, 0n, ...span(transaction.signature), transaction.hash],
      ...[shortString("SN_TEST"), 0n],
      3n,
      ...bound("L1_GAS", BOUNDS.l1Gas),
      ...bound("L2_GAS", BOUNDS.l2Gas),
      ...bound("L1_DATA", BOUNDS.l1DataGas),
      ...[3n, ...span([4n]), 0n, 0n, 0n],
      ...[chain.account, chain.probe, selector("info")],
    ]);
    expect(transactionInfo(transaction).v3!.accountDeploymentData).to.deep.equal([]);
  });

  it("get_execution_info tells a validation only roughly of the block", () => {
    const info = direct("info", [], "VALIDATE").result;
    expect(info.slice(0, 3)).to.deep.equal([2300n, 1_699_999_200n, 0n]);
    expect(info.slice(-3)).to.deep.equal([0x1234n, chain.probe, selector("info")]);
  });

  it("validation makes no calls to other contracts and deploys nothing", () => {
    const self = [chain.probe, selector("read"), 1n, 1n];
    expect(direct("call", self, "VALIDATE").result).to.deep.equal([1n, 2n]);
    expect(failureOf(() => direct("call", [chain.account, 1n, 0n], "VALIDATE"))).to.contain(
      "Unauthorized syscall call_contract in execution mode Validate.",
    );
    const deployment = [probeClass().classHash, 1n, 0n, 0n];
    expect(failureOf(() => direct("deploy", deployment, "VALIDATE"))).to.contain(
      "Unauthorized syscall deploy in execution mode Validate.",
    );
    const meta = [chain.account, SELECTORS.execute, 0n, 0n];
    expect(failureOf(() => direct("meta_tx", meta, "VALIDATE"))).to.contain(
      "Unauthorized syscall meta_tx_v0 in execution mode Validate.",
    );
  });

  it("meta_tx_v0 runs an account as a transaction of version 0", () => {
    // The account refuses version 0, which shows that it was told so.
    const calldata = [0n];
    const meta = probe("meta_tx", chain.account, SELECTORS.execute, ...span(calldata), 0n);
    expect(revertReason(meta)).to.contain("'Account: invalid tx version'");
    expect(revertReason(probe("meta_tx", chain.account, 5n, 0n, 0n))).to.contain(
      "'Invalid argument'",
    );
    const { transaction_hash } = {
      transaction_hash: invokeV0Hash(
        {
          version: 0n,
          contractAddress: 0x16ba3e98d91e73aa2037bf80fa55f82be38211530632dc7e9ac47223688e34en,
          entryPointSelector: SELECTORS.execute,
          calldata: [
            0x1n,
            0x16ba3e98d91e73aa2037bf80fa55f82be38211530632dc7e9ac47223688e34en,
            0xf2f7c15cbe06c8d94597cd91fd7f3369eae842359235712def5584f8d270cdn,
            0x0n,
            0x1n,
            0x1n,
            0x33434ad846cdd5f23eb73ff09fe6fddd568284a0fb7d1be20ee482f044dabe2n,
            0x0n,
          ],
          maxFee: 0x892a33adefe4n,
        },
        shortString("SN_MAIN"),
      ),
    };
    // mainnet transaction of block 206864
    expect(transaction_hash).to.equal(
      0x7b199bef92f4d2dc7713c53927060b3388ccd6873dc084ee7c12cdac4209d3bn,
    );
  });

  it("keccak absorbs padded blocks", () => {
    for (const length of [0, 5, 135, 136, 300]) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
      const padded = Buffer.alloc(136 * (Math.floor(length / 136) + 1));
      padded.set(message);
      padded[length]! |= 0x01;
      padded[padded.length - 1]! |= 0x80;
      const words = Array.from({ length: padded.length / 8 }, (_, i) =>
        padded.readBigUInt64LE(8 * i),
      );
      const hash = Buffer.from(keccak_256(message)).reverse();
      const [low, high] = view("keccak", ...span(words));
      expect(number(low!, high!)).to.equal(BigInt(`0x${hash.toString("hex")}`));
    }
    expect(revertReason(probe("keccak", ...span([1n])))).to.contain("'Invalid input length'");
  });

  it("sha256_process_block makes SHA-256", () => {
    for (const text of ["", "abc", "a".repeat(200)]) {
      const bytes = Buffer.from(text);
      const full = Math.floor(bytes.length / 31);
      const words = Array.from({ length: full }, (_, i) =>
        BigInt(`0x${bytes.subarray(31 * i, 31 * i + 31).toString("hex")}`),
      );
      const rest = bytes.subarray(31 * full);
      const pending = rest.length === 0 ? 0n : BigInt(`0x${rest.toString("hex")}`);
      const state = view("sha256", ...span(words), pending, BigInt(rest.length));
      const digest = state.map((each) => each.toString(16).padStart(8, "0")).join("");
      expect(digest).to.equal(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  const curves = [
    ["secp256k1", "secp256k1", 2n ** 256n - 2n ** 32n - 977n],
    ["secp256r1", "prime256v1", 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n],
  ] as const;
  for (const [name, openSslName, prime] of curves) {
    /** scalar x generator, by OpenSSL */
    function multiple(scalar: bigint): { x: bigint; y: bigint } {
      const ecdh = createECDH(openSslName);
      ecdh.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));
      const key = ecdh.getPublicKey("hex");
      return { x: BigInt(`0x${key.slice(2, 66)}`), y: BigInt(`0x${key.slice(66)}`) };
    }

    it(`${name} adds and multiplies`, () => {
      for (const scalar of [1n, 2n, 12345n, 2n ** 200n + 17n]) {
        const { x, y } = multiple(scalar + 1n);
        expect(view(name, ...word(scalar))).to.deep.equal([...word(x), ...word(y)]);
      }
      // 0 x generator is infinity
      const { x, y } = multiple(1n);
      expect(view(name, 0n, 0n)).to.deep.equal([...word(x), ...word(y)]);
    });

    it(`${name} finds points from coordinates`, () => {
      const { x, y } = multiple(99n);
      const some = [0n, ...word(x), ...word(y)];
      expect(view(`${name}_new`, ...word(x), ...word(y))).to.deep.equal(some);
      expect(view(`${name}_new`, ...word(x), ...word(y + 1n))).to.deep.equal([1n]);
      expect(view(`${name}_new`, 0n, 0n, 0n, 0n)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
      expect(view(`${name}_from_x`, ...word(x), y & 1n)).to.deep.equal(some);
      const negated = prime - y;
      expect(view(`${name}_from_x`, ...word(x), negated & 1n)).to.deep.equal([
        0n,
        ...word(x),
        ...word(negated),
      ]);
      for (const call of [
        probe(`${name}_from_x`, ...word(prime), 0n),
        probe(`${name}_new`, ...word(prime), 0n, 0n),
      ]) {
        expect(revertReason(call)).to.contain("'Invalid argument'");
      }
      const noPoint = name === "secp256k1" ? 5n : 1n;
      expect(view(`${name}_from_x`, noPoint, 0n, 0n)).to.deep.equal([1n]);
    });
  }

  it("are answered 'Out of gas' where the gas does not reach", () => {
    const call = direct("message", [0xe7n, 0n], "EXECUTE", 20_000n);
    expect(call.failed).to.equal(true);
    expect(call.result).to.deep.equal([shortString("Out of gas")]);
    expect(direct("read", [1n], "EXECUTE", 9_999n).result).to.deep.equal([
      shortString("Out of gas"),
    ]);
  });

  it("nest fifty calls deep, and no deeper", () => {
    // the account's call is the first, the probe's first the second
    chain.run(probe("recurse", 48n));
    expect(revertReason(probe("recurse", 49n))).to.contain(
      "Execution failed due to recursion depth exceeded.",
    );
  });

  it("are not needed for builtins: pedersen, poseidon, ec_op, bitwise and dictionaries work", () => {
    const [hash, , low, count] = view("builtins", 0x1234n);
    expect(hash! > 0n).to.equal(true);
    expect([low, count]).to.deep.equal([0x34n, 8n]);
  });

  it("tell a caller of starknet_call what went wrong", () => {
    const error = ((): CallError => {
      try {
        view("fail", ...span([shortString("first"), 2n]));
      } catch (caught) {
        return caught as CallError;
      }
      throw new Error("expected an error");
    })();
    expect(error.code).to.equal("CONTRACT_ERROR");
    expect(error.reason).to.equal("(0x6669727374 ('first'), 0x2)");
    expect(error.frames).to.deep.equal([
      {
        contractAddress: chain.probe,
        classHash: probeClass().classHash,
        selector: selector("fail"),
      },
    ]);
    expect(() => view("fail_with_text")).to.throw(/"a text that is longer than 31 characters"/);
    expect(() => view("nothing"))
      .to.throw()
      .with.property("code", "ENTRYPOINT_NOT_FOUND");
    const nowhere = { contractAddress: 0x404n, entryPointSelector: 1n, calldata: [] };
    expect(() => callContract(chain.env, chain.block, chain.state, nowhere))
      .to.throw()
      .with.property("code", "CONTRACT_NOT_FOUND");
  });
});
