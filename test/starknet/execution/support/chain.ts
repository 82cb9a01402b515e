/** A small chain to execute on: tokens, an account with STRK and the probe contract, nothing around them. */
import { readFileSync } from "node:fs";
import { publicKey, sign } from "../../../../src/curve/ecdsa.ts";
import type { Felt } from "../../../../src/field/felt.ts";
import { shortString } from "../../../../src/field/short-string.ts";
import { selector } from "../../../../src/hash/keccak.ts";
import { CachedState } from "../../../../src/state/cached-state.ts";
import type { BlockContext } from "../../../../src/starknet/block.ts";
import { parseCasmClass } from "../../../../src/starknet/class/casm.ts";
import type { CasmClass } from "../../../../src/starknet/class/casm.ts";
import { contractAddress } from "../../../../src/starknet/class/contract-address.ts";
import { sierraClassHash } from "../../../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../../../src/starknet/class/sierra.ts";
import type { SierraClass } from "../../../../src/starknet/class/sierra.ts";
import { loadSystemClass } from "../../../../src/starknet/class/system.ts";
import { DEFAULT_INITIAL_GAS, LIMITS } from "../../../../src/starknet/constants.ts";
import { NO_TRANSACTION } from "../../../../src/starknet/execution/call.ts";
import { ExecutionContext } from "../../../../src/starknet/execution/context.ts";
import { deployContract } from "../../../../src/starknet/execution/entry-point.ts";
import { makeRunnableClass } from "../../../../src/starknet/execution/environment.ts";
import type {
  ExecutionEnvironment,
  RunnableClass,
} from "../../../../src/starknet/execution/environment.ts";
import { executeTransaction } from "../../../../src/starknet/execution/transaction.ts";
import type {
  ExecutionOptions,
  TransactionExecution,
} from "../../../../src/starknet/execution/transaction.ts";
import { balanceKey } from "../../../../src/starknet/fee/state-changes.ts";
import { transactionHash } from "../../../../src/starknet/transaction-hash.ts";
import type { Unhashed } from "../../../../src/starknet/transaction-hash.ts";
import type {
  AccountTransaction,
  AllResourceBounds,
  InvokeTransaction,
} from "../../../../src/starknet/transaction.ts";

export interface LoadedClass {
  readonly sierra: SierraClass;
  readonly casm: CasmClass;
  readonly classHash: Felt;
  readonly compiledClassHash: Felt;
}

export function loadClass(sierraJson: unknown, casmJson: unknown): LoadedClass {
  const sierra = parseSierraClass(sierraJson);
  const casm = parseCasmClass(casmJson);
  return {
    sierra,
    casm,
    classHash: sierraClassHash(sierra),
    compiledClassHash: compiledClassHash(casm),
  };
}

const readJson = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../contracts/${path}`, import.meta.url), "utf8"));

let probe: LoadedClass | undefined;
export const probeClass = (): LoadedClass =>
  (probe ??= loadClass(readJson("probe.sierra.json"), readJson("probe.casm.json")));

export const floodClass = (): LoadedClass =>
  loadClass(readJson("flood.sierra.json"), readJson("flood.casm.json"));

export const cornersClass = (): LoadedClass =>
  loadClass(readJson("corners.sierra.json"), readJson("corners.casm.json"));

export const BLOCK: BlockContext = {
  number: 2345,
  timestamp: 1_700_001_234,
  sequencerAddress: 0x5e9n,
  gasPrices: {
    l1Gas: { wei: 1_000n, fri: 2_000n },
    l1DataGas: { wei: 10n, fri: 20n },
    l2Gas: { wei: 3n, fri: 6n },
  },
  dataAvailability: "CALLDATA",
  starknetVersion: "0.14.0",
};

export const STRK = 0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938dn;
export const ETH = 0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7n;
export const PRIVATE_KEY = 0x1234567890abcdefn;
export const BALANCE = 10n ** 20n;

/** Plenty of everything. */
export const BOUNDS: AllResourceBounds = {
  l1Gas: { maxAmount: 1_000_000n, maxPricePerUnit: 4_000n },
  l1DataGas: { maxAmount: 1_000_000n, maxPricePerUnit: 40n },
  l2Gas: { maxAmount: 1_500_000_000n, maxPricePerUnit: 12n },
};

export interface Call {
  readonly to: Felt;
  readonly selector: Felt;
  readonly calldata: readonly Felt[];
}

export const callOf = (to: Felt, name: string, calldata: readonly Felt[] = []): Call => ({
  to,
  selector: selector(name),
  calldata,
});

/** A span as calldata: its length first. */
export const span = (values: readonly Felt[]): Felt[] => [BigInt(values.length), ...values];

export class TestChain {
  readonly env: ExecutionEnvironment;
  readonly state = new CachedState({
    storageAt: () => 0n,
    nonceAt: () => 0n,
    classHashAt: () => 0n,
    compiledClassHash: () => 0n,
  });
  block: BlockContext = BLOCK;
  readonly account: Felt;
  readonly probe: Felt;
  readonly #runnable = new Map<Felt, RunnableClass>();

  constructor() {
    this.env = {
      chainId: shortString("SN_TEST"),
      feeTokens: { strk: STRK, eth: ETH },
      classes: { runnable: (classHash) => this.#runnable.get(classHash) },
    };
    const account = loadSystemClass("account");
    const erc20 = loadSystemClass("erc20");
    for (const each of [account, erc20, probeClass()]) this.declare(each);
    const key = publicKey(PRIVATE_KEY);
    this.account = contractAddress({
      deployer: 0n,
      salt: key,
      classHash: account.classHash,
      constructorCalldata: [key],
    });
    this.deploy(this.account, account.classHash, [key]);
    const name = [0n, shortString("Token"), 5n];
    for (const token of [STRK, ETH]) {
      const calldata = [...name, ...name, 18n, BALANCE, 0n, this.account, this.account];
      this.deploy(token, erc20.classHash, calldata);
    }
    this.probe = 0xabcn;
    this.deploy(this.probe, probeClass().classHash, [1n, 2n]);
  }

  /** Makes a class known; `declared` in the state too. */
  declare(loaded: LoadedClass, declared = true): void {
    this.#runnable.set(loaded.classHash, makeRunnableClass(loaded.sierra, loaded.casm));
    if (declared) this.state.setCompiledClassHash(loaded.classHash, loaded.compiledClassHash);
  }

  /** Runs the constructor at an address of choice. */
  deploy(address: Felt, classHash: Felt, calldata: readonly Felt[]): void {
    const context = new ExecutionContext({
      env: this.env,
      block: this.block,
      state: this.state,
      info: NO_TRANSACTION,
      mode: "EXECUTE",
      initialGas: DEFAULT_INITIAL_GAS,
      steps: LIMITS.executeSteps,
    });
    deployContract(context, {
      classHash,
      contractAddress: address,
      callerAddress: 0n,
      calldata,
      initialGas: DEFAULT_INITIAL_GAS,
    });
  }

  balance(account: Felt, token = STRK): bigint {
    return this.state.storageAt(token, balanceKey(account));
  }

  fund(account: Felt, amount = BALANCE): void {
    this.state.setStorage(STRK, balanceKey(account), amount);
  }

  sign<T extends AccountTransaction>(unhashed: Unhashed<T>, key = PRIVATE_KEY): T {
    const hash = transactionHash(unhashed as Unhashed<AccountTransaction>, this.env.chainId);
    const { r, s } = sign(hash, key);
    return { ...unhashed, hash, signature: [r, s] } as unknown as T;
  }

  invoke(
    calls: readonly Call[],
    overrides: Partial<Unhashed<InvokeTransaction>> = {},
  ): InvokeTransaction {
    const calldata = [
      BigInt(calls.length),
      ...calls.flatMap((call) => [call.to, call.selector, ...span(call.calldata)]),
    ];
    return this.sign<InvokeTransaction>({
      type: "INVOKE",
      version: 3n,
      senderAddress: this.account,
      nonce: this.state.nonceAt(this.account),
      signature: [],
      resourceBounds: BOUNDS,
      tip: 0n,
      paymasterData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
      accountDeploymentData: [],
      calldata,
      ...overrides,
    });
  }

  execute(
    transaction: Parameters<typeof executeTransaction>[3],
    options?: ExecutionOptions,
  ): TransactionExecution {
    return executeTransaction(this.env, this.block, this.state, transaction, options);
  }

  /** Invokes calls, which must succeed; return data of the first, as the account passes them on. */
  run(...calls: readonly Call[]): { readonly result: readonly Felt[] } & TransactionExecution {
    const execution = this.execute(this.invoke(calls));
    const { revertReason } = execution.receipt;
    if (revertReason !== undefined) throw new Error(`reverted: ${revertReason}`);
    return { ...execution, result: execution.calls.execute!.calls[0]!.result };
  }
}
