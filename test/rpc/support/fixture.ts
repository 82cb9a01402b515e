/** A running server over a {@link FixtureChain}, with parts behind it that take note of what reaches them. */
import type { DevnetControl, SnapshotListener } from "../../../src/rpc/control.ts";
import type { ExecutionService, FeeEstimate } from "../../../src/rpc/execution-service.ts";
import { BlockSigner } from "../../../src/sequencer/block-signer.ts";
import { startDevnetRpc, type DevnetRpc, type DevnetRpcOptions } from "../../../src/rpc/rpc.ts";
import type { Gateway, Submission } from "../../../src/sequencer/gateway.ts";
import { emptyDiff } from "../../../src/state/diff.ts";
import type { CallInfo, Receipt, TransactionTrace } from "../../../src/starknet/receipt.ts";
import type { Transaction } from "../../../src/starknet/transaction.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import { FixtureChain, type Content } from "./fixture-chain.ts";

export const ACCOUNT = 0xacc0n;
export const TOKEN = 0x70ce4n;

/** A message of L1, as L2 executes it. */
export const L1_HANDLER = {
  type: "L1_HANDLER",
  hash: 0x11n,
  version: 0n,
  nonce: 3n,
  contractAddress: ACCOUNT,
  entryPointSelector: 4n,
  calldata: [5n],
  paidFeeOnL1: 6n,
} as const;

const resources = { l1Gas: 1n, l1DataGas: 2n, l2Gas: 300_000n };

const callInfo = (calls: readonly CallInfo[] = []): CallInfo => ({
  contractAddress: ACCOUNT,
  callerAddress: 0n,
  classHash: 7n,
  entryPointType: "EXTERNAL",
  entryPointSelector: 0x5e1n,
  callType: calls.length === 0 ? "DELEGATE" : "CALL",
  calldata: [1n, 2n],
  result: [3n],
  calls,
  events: [{ order: 0, keys: [1n], data: [2n] }],
  messages: [{ order: 0, toAddress: 0x11n, payload: [9n] }],
  gasConsumed: 1000n,
  failed: false,
});

/** Outcome of a transaction as if it had run: two events, one message. */
export function contentOf(transaction: Transaction, revertReason?: string): Content {
  const sender =
    transaction.type === "L1_HANDLER" ? transaction.contractAddress : transaction.senderAddress;
  const receipt: Receipt = {
    transactionHash: transaction.hash,
    type: transaction.type,
    actualFee: 12_345n,
    feeUnit: transaction.type === "L1_HANDLER" ? "WEI" : "FRI",
    messages: [{ fromAddress: sender, toAddress: 0x11n, payload: [9n] }],
    events: [
      { fromAddress: sender, keys: [1n, transaction.nonce], data: [2n] },
      { fromAddress: TOKEN, keys: [0x7e5fe4n], data: [transaction.hash] },
    ],
    resources,
    revertReason,
    ...(transaction.type === "DEPLOY_ACCOUNT"
      ? { contractAddress: transaction.senderAddress }
      : {}),
    ...(transaction.type === "L1_HANDLER" ? { messageHash: 0xabcn } : {}),
  };
  const trace: TransactionTrace = {
    type: transaction.type,
    ...(transaction.type === "L1_HANDLER" ? {} : { validate: callInfo(), feeTransfer: callInfo() }),
    ...(transaction.type === "DECLARE" ? {} : { execute: callInfo([callInfo()]) }),
    ...(revertReason === undefined ? {} : { revertReason }),
    stateDiff: emptyDiff(),
    resources,
  };
  return { transaction, receipt, trace };
}

const estimate = (unit: "FRI" | "WEI"): FeeEstimate => ({
  l1GasConsumed: 1n,
  l1GasPrice: 2n,
  l2GasConsumed: 3n,
  l2GasPrice: 4n,
  l1DataGasConsumed: 5n,
  l1DataGasPrice: 6n,
  overallFee: 44n,
  unit,
});

export interface Fixture {
  readonly chain: FixtureChain;
  readonly rpc: DevnetRpc;
  readonly submitted: Submission[];
  readonly controlled: unknown[][];
  readonly logged: string[];
  readonly url: string;
  gateway: Gateway;
  execution: ExecutionService;
  /** POSTs a body as it is; status and text of the answer. */
  post(body: string): Promise<{ status: number; text: string }>;
  /** One request by HTTP; the whole response. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  request(method: string, params?: unknown): Promise<any>;
  close(): Promise<void>;
}

/** Genesis declares the account class and deploys an account and a token of it. */
export async function startFixture(options: Partial<DevnetRpcOptions> = {}): Promise<Fixture> {
  const chain = new FixtureChain();
  const { sierra, casm, classHash, compiledClassHash } = loadSystemClass("account");
  chain.sierra.set(classHash, sierra);
  chain.casm.set(classHash, casm);
  chain.entries.length = 0;
  chain.close({
    ...emptyDiff(),
    declaredClasses: new Map([[classHash, compiledClassHash]]),
    deployedContracts: new Map([
      [ACCOUNT, classHash],
      [TOKEN, classHash],
    ]),
    storage: new Map([[TOKEN, new Map([[5n, 6n]])]]),
    nonces: new Map([[ACCOUNT, 1n]]),
  });
  const submitted: Submission[] = [];
  const controlled: unknown[][] = [];
  const logged: string[] = [];
  const gateway: Gateway = {
    async submit(submission) {
      submitted.push(submission);
      chain.emit({ kind: "received", transaction: submission.transaction });
      chain.add(contentOf(submission.transaction));
      chain.close();
    },
    stageOf: () => undefined,
    pooled: () => undefined,
  };
  const execution: ExecutionService = {
    call: async (_block, { calldata }) => [...calldata, 1n],
    estimateFee: async (_block, transactions) => transactions.map(() => estimate("FRI")),
    simulate: async (_block, transactions, { initialReads }) => ({
      transactions: transactions.map(({ transaction }) => ({
        trace: contentOf(transaction).trace,
        fee: estimate("FRI"),
      })),
      ...(initialReads ? { initialReads: await execution.initialReads(0) } : {}),
    }),
    estimateMessageFee: async () => estimate("WEI"),
    initialReads: async () => ({
      storage: new Map([[TOKEN, new Map([[5n, 6n]])]]),
      nonces: new Map([[ACCOUNT, 1n]]),
      classHashes: new Map([[ACCOUNT, classHash]]),
      declaredClasses: new Map([[classHash, true]]),
    }),
  };
  const fixture = {
    chain,
    submitted,
    controlled,
    logged,
    gateway,
    execution,
  };
  const rpc = await startDevnetRpc(
    {
      chain,
      gateway: {
        submit: (submission) => fixture.gateway.submit(submission),
        stageOf: (hash) => fixture.gateway.stageOf(hash),
        pooled: (hash) => fixture.gateway.pooled(hash),
      },
      execution: new Proxy(execution, { get: (_, name) => Reflect.get(fixture.execution, name) }),
      control: controlOf(chain, controlled),
      l1: undefined,
      signer: new BlockSigner(1n),
      l1Contracts: () => undefined,
    },
    {
      host: "127.0.0.1",
      port: 0,
      timeout: 10,
      dumpOn: "request",
      dumpPath: undefined,
      log: { error: (message) => void logged.push(message) },
      ...options,
    },
  );
  const url = `http://127.0.0.1:${rpc.port}/rpc`;
  const post = async (body: string) => {
    const response = await fetch(url, { method: "POST", body });
    return { status: response.status, text: await response.text() };
  };
  return Object.assign(fixture, {
    rpc,
    url,
    post,
    request: async (method: string, params?: unknown) =>
      JSON.parse(
        (await post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }))).text,
      ) as unknown,
    close: () => rpc.close(),
  });
}

function controlOf(chain: FixtureChain, controlled: unknown[][]): DevnetControl {
  const note = (...what: unknown[]) => void controlled.push(what);
  const price = { wei: (1n << 60n) + 1n, fri: 7n };
  let snapshots = 0;
  const lengths = new Map<number, number>();
  const listeners: SnapshotListener[] = [];
  return {
    async mint(address, amount, unit) {
      note("mint", address, amount, unit);
      return { newBalance: amount, transactionHash: 0x1234n };
    },
    balance: async () => 10n ** 30n,
    predeployedAccounts: () => [
      { address: ACCOUNT, publicKey: 2n, privateKey: 3n, initialBalance: 10n ** 21n },
    ],
    createBlock: async () => chain.close().header.hash,
    async abortBlocks(first) {
      const number = first === "preConfirmed" ? chain.close().header.number : first;
      const hashes = chain.entries
        .slice(number)
        .map(({ block }) => block.header.hash)
        .reverse();
      chain.reorg(number);
      return hashes;
    },
    async setTime(seconds, generateBlock) {
      note("setTime", seconds, generateBlock);
      return generateBlock ? chain.close().header.hash : undefined;
    },
    async increaseTime(seconds) {
      note("increaseTime", seconds);
      return chain.close().header.hash;
    },
    async setGasPrices(changes, generateBlock) {
      note("setGasPrices", changes, generateBlock);
      return { l1Gas: price, l1DataGas: price, l2Gas: price };
    },
    impersonateAccount: async (address) => note("impersonate", address),
    stopImpersonateAccount: async (address) => note("stop", address),
    autoImpersonate: async (on) => note("auto", on),
    async applyStateDiff(diff, classes) {
      note("applyStateDiff", diff, classes);
      return classes.map(() => ({ classHash: 1n, compiledClassHash: 2n }));
    },
    async snapshot() {
      lengths.set(++snapshots, chain.entries.length);
      for (const listener of listeners) listener.taken(snapshots);
      return snapshots;
    },
    async revert(id) {
      const length = lengths.get(id);
      if (length === undefined) return false;
      if (length < chain.entries.length) chain.reorg(length);
      for (const listener of listeners) listener.reverted(id);
      return true;
    },
    subscribeToSnapshots: (listener) => void listeners.push(listener),
    async restart() {
      note("restart");
      chain.entries.length = 1;
    },
    config: () => ({
      seed: 42,
      accounts: 1,
      accountClassHash: 7n,
      initialBalance: 10n ** 21n,
      startTime: undefined,
      gasPrices: { l1Gas: price, l1DataGas: price, l2Gas: price },
      chainId: "SN_SEPOLIA",
      dumpOn: "request",
      dumpPath: undefined,
      blockGenerationOn: { everySeconds: 5 },
      ethClassHash: 8n,
      strkClassHash: 9n,
      maximumContractClassSize: 1,
      maximumContractBytecodeSize: 2,
      maximumSierraLength: 3,
      host: "127.0.0.1",
      port: 5050,
      timeout: 120,
      restrictedMethods: [],
    }),
    status: () => ({
      blockCount: chain.entries.length,
      transactionCount: 0,
      preConfirmedTransactionCount: chain.open.length,
      version: "0.1.0",
      impersonatedAccounts: [ACCOUNT],
      autoImpersonate: false,
    }),
  };
}
