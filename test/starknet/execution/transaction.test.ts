import { expect } from "chai";
import { publicKey } from "../../../src/curve/ecdsa.ts";
import { shortString } from "../../../src/field/short-string.ts";
import { selector } from "../../../src/hash/keccak.ts";
import { contractAddress } from "../../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import { SELECTORS } from "../../../src/starknet/constants.ts";
import type { TransactionRejected } from "../../../src/starknet/execution/rejection.ts";
import { gasFee } from "../../../src/starknet/fee/gas-vector.ts";
import { minimalGas } from "../../../src/starknet/fee/transaction-gas.ts";
import { QUERY_VERSION_BASE } from "../../../src/starknet/transaction.ts";
import type {
  DeclareTransaction,
  DeployAccountTransaction,
  L1HandlerTransaction,
} from "../../../src/starknet/transaction.ts";
import { messageToL2Hash, transactionHash } from "../../../src/starknet/transaction-hash.ts";
import type { Unhashed } from "../../../src/starknet/transaction-hash.ts";
import { BALANCE, BLOCK, BOUNDS, callOf, probeClass, STRK, TestChain } from "./support/chain.ts";
import { toPaddedHex } from "../../../src/util/hex.ts";

const RECIPIENT = 0x777n;

function rejection(action: () => unknown): TransactionRejected {
  try {
    action();
  } catch (error) {
    expect((error as Error).name).to.equal("TransactionRejected");
    return error as TransactionRejected;
  }
  throw new Error("expected a rejection");
}

describe("invoke transactions", () => {
  const transfer = callOf(STRK, "transfer", [RECIPIENT, 1000n, 0n]);

  it("transfers tokens, charges the fee and says what it did", () => {
    const chain = new TestChain();
    const transaction = chain.invoke([transfer]);
    const { receipt, trace, gas, calls } = chain.execute(transaction);
    expect(receipt.revertReason).to.equal(undefined);
    expect(receipt.transactionHash).to.equal(transaction.hash);
    expect(receipt.feeUnit).to.equal("FRI");
    expect(receipt.actualFee).to.equal(gasFee(gas.total, BLOCK.gasPrices, "fri"));
    expect(receipt.resources).to.deep.equal(gas.total);
    expect(chain.balance(RECIPIENT)).to.equal(1000n);
    expect(chain.balance(chain.account)).to.equal(BALANCE - 1000n - receipt.actualFee);
    expect(chain.balance(BLOCK.sequencerAddress)).to.equal(receipt.actualFee);
    expect(chain.state.nonceAt(chain.account)).to.equal(1n);

    const event = (to: bigint, amount: bigint) => ({
      fromAddress: STRK,
      keys: [selector("Transfer"), chain.account, to],
      data: [amount, 0n],
    });
    expect(receipt.events).to.deep.equal([
      event(RECIPIENT, 1000n),
      event(BLOCK.sequencerAddress, receipt.actualFee),
    ]);

    expect(trace.validate!.entryPointSelector).to.equal(SELECTORS.validate);
    expect(trace.validate!.result).to.deep.equal([shortString("VALID")]);
    expect(trace.execute!.entryPointSelector).to.equal(SELECTORS.execute);
    expect(trace.execute!.calls).to.have.length(1);
    expect(trace.execute!.calls[0]!.callerAddress).to.equal(chain.account);
    expect(trace.execute!.calls[0]!.result).to.deep.equal([1n]);
    expect(trace.feeTransfer!.calldata).to.deep.equal([
      BLOCK.sequencerAddress,
      receipt.actualFee,
      0n,
    ]);
    expect([...trace.stateDiff.nonces]).to.deep.equal([[chain.account, 1n]]);
    expect([...trace.stateDiff.storage.keys()]).to.deep.equal([STRK]);
    expect(trace.stateDiff.storage.get(STRK)!.size).to.equal(3);

    // one modified contract, two cells (the sequencer's is free), one of them new
    expect(gas.stateChanges.l1Gas).to.equal(6n * 551n - 312n - 240n + 551n);
    // 7 felts of calldata, 2 of signature; an event of 3 keys and 2 data felts
    expect(gas.archival.l2Gas).to.equal(5120n * (9n + 2n * 3n + 2n));
    expect(gas.messages.l1Gas).to.equal(0n);
    const sierraGas = calls.validate!.sierraGas + calls.execute!.sierraGas;
    // 4348 + ceil(7 * 11 / 2) steps are 11 L1 gas
    expect(gas.computation.l2Gas).to.equal(sierraGas + 11n * 40_000n);
  });

  it("adds the tip to the price of L2 gas", () => {
    const chain = new TestChain();
    const { receipt, gas } = chain.execute(chain.invoke([transfer], { tip: 5n }));
    expect(receipt.actualFee).to.equal(gasFee(gas.total, BLOCK.gasPrices, "fri", 5n));
  });

  it("reverts with the trace of the calls, keeping nonce and fee", () => {
    const chain = new TestChain();
    const inner = callOf(chain.probe, "write_then_panic", [5n, 6n, shortString("told to")]);
    const { calldata } = inner;
    const outer = callOf(chain.probe, "call", [inner.to, inner.selector, 3n, ...calldata]);
    const { receipt, trace } = chain.execute(chain.invoke([outer]));
    const frame = (address: bigint, classHash: bigint, entryPoint: bigint): string =>
      `(contract address: ${toPaddedHex(address, 32)}, class hash: ${toPaddedHex(classHash, 32)}, ` +
      `selector: ${toPaddedHex(entryPoint, 32)}):`;
    const account = frame(chain.account, loadSystemClass("account").classHash, SELECTORS.execute);
    const { classHash } = probeClass();
    expect(receipt.revertReason).to.equal(
      [
        "Transaction execution has failed:",
        `0: Error in the called contract ${account}`,
        "Execution failed. Failure reason:",
        `Error in contract ${account}`,
        `Error in contract ${frame(chain.probe, classHash, selector("call"))}`,
        `Error in contract ${frame(chain.probe, classHash, selector("write_then_panic"))}`,
        "0x746f6c6420746f ('told to').\n",
      ].join("\n"),
    );
    expect(trace.execute).to.equal(undefined);
    expect(trace.revertReason).to.equal(receipt.revertReason);
    expect(chain.state.storageAt(chain.probe, 5n)).to.equal(0n);
    expect(chain.state.nonceAt(chain.account)).to.equal(1n);
    expect(receipt.actualFee > 0n).to.equal(true);
    expect(chain.balance(chain.account)).to.equal(BALANCE - receipt.actualFee);
    expect(receipt.events).to.have.length(1);
  });

  it("is charged for the gas of an execution that reverted", () => {
    const chain = new TestChain();
    const cost = (rounds: bigint): bigint =>
      chain.execute(
        chain.invoke([
          callOf(chain.probe, "burn", [rounds]),
          callOf(chain.probe, "fail", [1n, 1n]),
        ]),
      ).gas.computation.l2Gas;
    const [few, many] = [cost(10n), cost(1000n)];
    expect(many - few > 990n * 1000n).to.equal(true);
  });

  it("reverts where it used more gas than its bounds, and pays the bounds", () => {
    const chain = new TestChain();
    const { gas } = new TestChain().execute(chain.invoke([transfer]));
    const maxAmount = gas.total.l1Gas - 1n;
    const resourceBounds = { ...BOUNDS, l1Gas: { ...BOUNDS.l1Gas, maxAmount } };
    const { receipt } = chain.execute(chain.invoke([transfer], { resourceBounds }));
    expect(receipt.revertReason).to.equal(
      `Insufficient max L1Gas: max amount: ${maxAmount}, actual used: ${gas.total.l1Gas}.`,
    );
    expect(receipt.actualFee).to.equal(
      gasFee({ ...gas.total, l1Gas: maxAmount }, BLOCK.gasPrices, "fri"),
    );
    expect(chain.balance(RECIPIENT)).to.equal(0n);
    expect(chain.balance(chain.account)).to.equal(BALANCE - receipt.actualFee);
  });

  it("runs out of gas within its bound", () => {
    const chain = new TestChain();
    const burn = callOf(chain.probe, "burn", [1_000_000n]);
    const resourceBounds = { ...BOUNDS, l2Gas: { ...BOUNDS.l2Gas, maxAmount: 20_000_000n } };
    const { receipt } = chain.execute(chain.invoke([burn], { resourceBounds }));
    expect(receipt.revertReason).to.contain("0x4f7574206f6620676173 ('Out of gas')");
    // Calldata and OS come on top of an execution that used it all: the bound is what is paid.
    expect(receipt.resources.l2Gas > 19_000_000n).to.equal(true);
    expect(receipt.actualFee).to.equal(
      gasFee({ ...receipt.resources, l2Gas: 20_000_000n }, BLOCK.gasPrices, "fri"),
    );
  });

  it("reverts where the execution spent the fee", () => {
    const chain = new TestChain();
    const all = callOf(STRK, "transfer", [RECIPIENT, BALANCE - 10n, 0n]);
    const { receipt } = chain.execute(chain.invoke([all]));
    expect(receipt.revertReason).to.match(
      /^Insufficient fee token balance\. Fee: \d+, balance: low\/high 10\/0\.$/,
    );
    expect(chain.balance(RECIPIENT)).to.equal(0n);
  });

  it("is rejected for a wrong signature", () => {
    const chain = new TestChain();
    const before = chain.state.diff();
    const transaction = { ...chain.invoke([transfer]), signature: [1n, 2n] };
    const error = rejection(() => chain.execute(transaction));
    expect(error.code).to.equal("VALIDATION_FAILURE");
    expect(error.message).to.contain("The `validate` entry point panicked with:");
    expect(error.message).to.contain("('Account: invalid signature')");
    expect(chain.state.diff()).to.deep.equal(before);
    const { receipt } = chain.execute(transaction, { skipValidate: true });
    expect(receipt.revertReason).to.equal(undefined);
  });

  it("is rejected for a nonce that is not the account's", () => {
    const chain = new TestChain();
    const error = rejection(() => chain.execute(chain.invoke([transfer], { nonce: 3n })));
    expect(error.code).to.equal("INVALID_NONCE");
    expect(error.nonces).to.deep.equal({ account: 0n, transaction: 3n });
    expect(error.message).to.equal(
      `Invalid transaction nonce of contract at address ${toPaddedHex(chain.account, 32)}. ` +
        `Account nonce: ${toPaddedHex(0n, 32)}; got: ${toPaddedHex(3n, 32)}.`,
    );
    const later = chain.invoke([transfer], { nonce: 3n });
    expect(chain.execute(later, { strictNonceCheck: false }).receipt.revertReason).to.equal(
      undefined,
    );
    expect(chain.state.nonceAt(chain.account)).to.equal(1n);
    const old = rejection(() =>
      chain.execute(chain.invoke([transfer], { nonce: 0n }), { strictNonceCheck: false }),
    );
    expect(old.code).to.equal("INVALID_NONCE");
  });

  it("is rejected for bounds below the minimum, the prices or above the balance", () => {
    const chain = new TestChain();
    const minimum = minimalGas("INVOKE", 7, "CALLDATA").l2Gas;
    const low = { ...BOUNDS.l2Gas, maxAmount: minimum - 1n };
    const tooLow = rejection(() =>
      chain.execute(chain.invoke([transfer], { resourceBounds: { ...BOUNDS, l2Gas: low } })),
    );
    expect(tooLow.code).to.equal("INSUFFICIENT_RESOURCES_FOR_VALIDATE");
    expect(tooLow.message).to.contain(
      `Max L2Gas amount (${minimum - 1n}) is lower than the minimal gas amount: ${minimum}.`,
    );
    const cheap = { ...BOUNDS.l1Gas, maxPricePerUnit: 1n };
    const tooCheap = rejection(() =>
      chain.execute(chain.invoke([transfer], { resourceBounds: { ...BOUNDS, l1Gas: cheap } })),
    );
    expect(tooCheap.message).to.contain(
      "Max L1Gas price (1) is lower than the actual gas price: 2000.",
    );
    const dear = { ...BOUNDS.l2Gas, maxPricePerUnit: 10n ** 18n };
    const tooDear = rejection(() =>
      chain.execute(chain.invoke([transfer], { resourceBounds: { ...BOUNDS, l2Gas: dear } })),
    );
    expect(tooDear.code).to.equal("INSUFFICIENT_BALANCE");
    expect(tooDear.message).to.match(
      /^Resources bounds \(\{ l1_gas: .*\) exceed balance \(\d+\)\.$/,
    );
  });

  it("is rejected for another version, but for queries where they are allowed", () => {
    const chain = new TestChain();
    const query = chain.invoke([transfer], { version: QUERY_VERSION_BASE + 3n });
    expect(rejection(() => chain.execute(query)).code).to.equal("UNSUPPORTED_VERSION");
    const old = chain.invoke([transfer], { version: 1n });
    expect(rejection(() => chain.execute(old)).message).to.equal(
      "Transaction version 0x1 is not supported. Supported versions: [0x3].",
    );
    const { receipt } = chain.execute(query, { allowQueries: true });
    expect(receipt.revertReason).to.equal(undefined);
  });

  it("charges nothing where no fee is to be charged", () => {
    const chain = new TestChain();
    const none = { maxAmount: 0n, maxPricePerUnit: 0n };
    const resourceBounds = { l1Gas: none, l1DataGas: none, l2Gas: none };
    const transaction = chain.invoke([transfer], { resourceBounds });
    const options = { skipFeeCharge: true, ignoreGasBounds: true };
    const { receipt, trace, gas } = chain.execute(transaction, options);
    expect(receipt.revertReason).to.equal(undefined);
    expect(trace.feeTransfer).to.equal(undefined);
    expect(receipt.actualFee).to.equal(gasFee(gas.total, BLOCK.gasPrices, "fri"));
    expect(chain.balance(chain.account)).to.equal(BALANCE - 1000n);
  });

  it("is rejected where the sender is no account", () => {
    const chain = new TestChain();
    for (const senderAddress of [0x999n, chain.probe]) {
      chain.fund(senderAddress);
      const transaction = chain.invoke([transfer], { senderAddress, nonce: 0n });
      expect(rejection(() => chain.execute(transaction)).code).to.equal("NON_ACCOUNT");
    }
  });
});

describe("deploy_account transactions", () => {
  const KEY = 0x99n;
  function deployment(chain: TestChain, overrides: Partial<DeployAccountTransaction> = {}) {
    const { classHash } = loadSystemClass("account");
    const constructorCalldata = [publicKey(KEY)];
    const contractAddressSalt = 7n;
    const senderAddress = contractAddress({
      deployer: 0n,
      salt: contractAddressSalt,
      classHash,
      constructorCalldata,
    });
    return chain.sign<DeployAccountTransaction>(
      {
        type: "DEPLOY_ACCOUNT",
        version: 3n,
        senderAddress,
        nonce: 0n,
        signature: [],
        resourceBounds: { ...BOUNDS, l2Gas: { ...BOUNDS.l2Gas, maxAmount: 10_000_000n } },
        tip: 0n,
        paymasterData: [],
        nonceDataAvailabilityMode: 0,
        feeDataAvailabilityMode: 0,
        classHash,
        contractAddressSalt,
        constructorCalldata,
        ...overrides,
      },
      KEY,
    );
  }

  it("constructs, validates and pays", () => {
    const chain = new TestChain();
    const transaction = deployment(chain);
    const { senderAddress } = transaction;
    chain.fund(senderAddress);
    const { receipt, trace } = chain.execute(transaction);
    expect(receipt.revertReason).to.equal(undefined);
    expect(receipt.contractAddress).to.equal(senderAddress);
    expect(chain.state.classHashAt(senderAddress)).to.equal(transaction.classHash);
    expect(chain.state.nonceAt(senderAddress)).to.equal(1n);
    expect(trace.execute!.entryPointType).to.equal("CONSTRUCTOR");
    expect(trace.validate!.entryPointSelector).to.equal(SELECTORS.validateDeploy);
    expect(trace.validate!.calldata).to.deep.equal([
      transaction.classHash,
      7n,
      ...transaction.constructorCalldata,
    ]);
    expect([...trace.stateDiff.deployedContracts]).to.deep.equal([
      [senderAddress, transaction.classHash],
    ]);
    expect(chain.balance(senderAddress)).to.equal(BALANCE - receipt.actualFee);
    // the account's own event comes before the fee's
    expect(receipt.events.map(({ fromAddress }) => fromAddress)).to.deep.equal([
      senderAddress,
      STRK,
    ]);
  });

  it("is rejected for what cannot be deployed, leaving nothing", () => {
    const chain = new TestChain();
    const transaction = deployment(chain);
    chain.fund(transaction.senderAddress);
    const before = chain.state.diff();
    const unknown = rejection(() => chain.execute(deployment(chain, { classHash: 5n })));
    expect(unknown.code).to.equal("CLASS_HASH_NOT_FOUND");
    const bad = deployment(chain, { constructorCalldata: [1n, 2n] });
    const wrong = rejection(() => chain.execute(bad));
    expect(wrong.code).to.equal("VALIDATION_FAILURE");
    expect(wrong.message).to.match(
      /^Contract constructor execution has failed:\n0: Error in the contract class constructor \(/,
    );
    expect(wrong.message).to.contain("Input too long for arguments");
    expect(rejection(() => chain.execute({ ...transaction, signature: [] })).code).to.equal(
      "VALIDATION_FAILURE",
    );
    const l2Gas = { ...BOUNDS.l2Gas, maxAmount: 600_000n };
    const poor = deployment(chain, { resourceBounds: { ...BOUNDS, l2Gas } });
    expect(rejection(() => chain.execute(poor)).code).to.be.oneOf([
      "INSUFFICIENT_RESOURCES_FOR_VALIDATE",
      "VALIDATION_FAILURE",
    ]);
    expect(chain.state.diff()).to.deep.equal(before);
    chain.execute(transaction);
    const again = rejection(() => chain.execute(deployment(chain, { nonce: 1n })));
    expect(again.message).to.contain("Deployment failed: contract already deployed at address");
  });
});

describe("declare transactions", () => {
  const declaration = (chain: TestChain, nonce: bigint): DeclareTransaction =>
    chain.sign<DeclareTransaction>({
      type: "DECLARE",
      version: 3n,
      senderAddress: chain.account,
      nonce,
      signature: [],
      resourceBounds: BOUNDS,
      tip: 0n,
      paymasterData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
      accountDeploymentData: [],
      classHash: loadSystemClass("udc").classHash,
      compiledClassHash: loadSystemClass("udc").compiledClassHash,
    });

  it("declares a class once, and charges its size", () => {
    const chain = new TestChain();
    const udc = loadSystemClass("udc");
    const unknown = rejection(() => chain.execute(declaration(chain, 0n)));
    expect(unknown.code).to.equal("CLASS_HASH_NOT_FOUND");
    chain.declare(udc, false);
    const { receipt, trace, gas } = chain.execute(declaration(chain, 0n));
    expect(receipt.revertReason).to.equal(undefined);
    expect([...trace.stateDiff.declaredClasses]).to.deep.equal([
      [udc.classHash, udc.compiledClassHash],
    ]);
    expect(trace.validate!.entryPointSelector).to.equal(SELECTORS.validateDeclare);
    expect(trace.execute).to.equal(undefined);
    const felts = udc.casm.bytecode.length + udc.sierra.sierraProgram.length;
    const codeSize = BigInt(32 * felts + Buffer.byteLength(udc.sierra.abi));
    expect(gas.archival.l2Gas).to.equal(1280n * codeSize + 2n * 5120n);
    const again = rejection(() => chain.execute(declaration(chain, 1n)));
    expect(again.code).to.equal("CLASS_ALREADY_DECLARED");
    expect(again.message).to.equal(
      `Class with hash ${toPaddedHex(udc.classHash, 32)} is already declared.`,
    );
    expect(chain.state.nonceAt(chain.account)).to.equal(1n);
  });
});

describe("L1 handler transactions", () => {
  function handler(chain: TestChain, calldata: bigint[], paidFeeOnL1 = 1n): L1HandlerTransaction {
    const unhashed: Unhashed<L1HandlerTransaction> = {
      type: "L1_HANDLER",
      version: 0n,
      nonce: 4n,
      contractAddress: chain.probe,
      entryPointSelector: selector("handle"),
      calldata,
      paidFeeOnL1,
    };
    return { ...unhashed, hash: transactionHash(unhashed, chain.env.chainId) };
  }

  it("executes without validation, nonce or fee", () => {
    const chain = new TestChain();
    const { receipt, trace, gas } = chain.execute(handler(chain, [0x11n, 5n, 6n]));
    expect(receipt.revertReason).to.equal(undefined);
    expect(receipt.actualFee).to.equal(0n);
    expect(receipt.feeUnit).to.equal("WEI");
    expect(receipt.messageHash).to.equal(
      messageToL2Hash({
        fromAddress: 0x11n,
        toAddress: chain.probe,
        nonce: 4n,
        selector: selector("handle"),
        payload: [5n, 6n],
      }),
    );
    expect(trace.validate).to.equal(undefined);
    expect(trace.feeTransfer).to.equal(undefined);
    expect(chain.state.storageAt(chain.probe, 5n)).to.equal(6n);
    expect(chain.state.storageAt(chain.probe, shortString("from"))).to.equal(0x11n);
    // 7 words of 1124, a counter, a log of 4 topics and 5 words
    expect(gas.messages.l1Gas).to.equal(7n * 1124n + 5000n + 375n + 4n * 375n + 5n * 256n);
    expect(gas.archival.l2Gas).to.equal(2n * 5120n);
  });

  it("reverts without a trace in the state", () => {
    const chain = new TestChain();
    const before = chain.state.diff();
    const failing = chain.execute(handler(chain, [0x11n, shortString("panic"), 6n]));
    expect(failing.receipt.revertReason).to.contain("'Handler told to panic'");
    expect(failing.trace.execute).to.equal(undefined);
    const unknown = { ...handler(chain, [0x11n]), entryPointSelector: 5n };
    expect(chain.execute(unknown).receipt.revertReason).to.contain("'ENTRYPOINT_NOT_FOUND'");
    const nowhere = { ...handler(chain, [0x11n]), contractAddress: 0x404n };
    expect(chain.execute(nowhere).receipt.revertReason).to.contain(
      `Requested contract address ${toPaddedHex(0x404n, 32)} is not deployed.`,
    );
    expect(chain.state.diff()).to.deep.equal(before);
  });

  it("is rejected where the message paid nothing", () => {
    const chain = new TestChain();
    const error = rejection(() => chain.execute(handler(chain, [0x11n, 5n, 6n], 0n)));
    expect(error.code).to.equal("L1_FEE_NOT_PAID");
  });
});
