/** `connection.starknet`: an L2 on the chain of one network connection, started when it is first used. */
import type { Contract } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { HardhatPluginError } from "hardhat/plugins";
import type { Account, RpcProvider } from "starknet";
import type { Devnet } from "../devnet/devnet.ts";
import type { RequestInterceptor } from "../devnet/l1.ts";
import type { SettlementBill } from "../l1/gas/settlement-bill.ts";
import type { SettledRange } from "../l1/settler.ts";
import type { L1Status } from "../rpc/l1-control.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import { toHex, toPaddedHex } from "../util/hex.ts";
import { configuredOptions, type StarknetConfig } from "./config.ts";
import { intercept } from "./interceptors.ts";
import {
  messagesToL1Of,
  waitForMessages,
  type L1TransactionLike,
  type L2TransactionLike,
  type MessageToL1Result,
  type MessageToL2Result,
  type WaitOptions,
} from "./messages.ts";

/** Everything starts the L2 where it does not run yet; it ends with the connection. */
export interface StarknetConnection {
  /** URL of the L2's JSON-RPC. */
  url(): Promise<string>;
  /** A starknet.js provider of the L2. */
  provider(): Promise<RpcProvider>;
  /** The predeployed accounts, as starknet.js accounts. */
  accounts(): Promise<Account[]>;
  /** The core contract on L1, for the first account of the connection. */
  core(): Promise<Contract>;
  /**
   * Settles every closed block on L1: from then on their messages to L1 may be consumed, and those to L2 are. Rejects
   * where the option `settlement` is "none".
   */
  settle(): Promise<readonly SettledRange[]>;
  /**
   * Waits until L2 has executed the messages that a transaction of L1 sent. Rejects where one of them fails, unless
   * `allowFailure` is set, and where there are none.
   */
  waitForL2(l1Transaction: L1TransactionLike, options?: WaitOptions): Promise<MessageToL2Result[]>;
  /** The messages to L1 that a transaction of L2 sent, and how far they are. */
  messagesToL1(l2Transaction: L2TransactionLike): Promise<MessageToL1Result[]>;
  /** What is under way between the layers. */
  status(): Promise<L1Status>;
  /** What L1 was paid to settle a block, or blocks; all that are on L1 where nothing is named. */
  gas(blocks?: number | Partial<BlockRange>): Promise<SettlementBill>;
  /** Adds tokens to an account: fri of STRK, or wei of ETH. */
  mint(address: string | bigint, amount: bigint, unit?: "FRI" | "WEI"): Promise<void>;
  /** Moves L2's clock on by so many seconds, and closes a block. */
  increaseTime(seconds: number): Promise<void>;
  /** Closes the open block, empty or not; its number. */
  createBlock(): Promise<number>;
}

/** The chain of a connection that is not used yet, or is used. */
interface Running {
  readonly devnet: Devnet;
  readonly interceptor: RequestInterceptor;
}

export class LazyStarknetConnection implements StarknetConnection {
  readonly #connection: NetworkConnection;
  readonly #config: StarknetConfig;
  #running: Promise<Running> | undefined;
  /** Snapshots of L1 from before there was an L2. */
  readonly #beforeStart = new Set<unknown>();
  #closed = false;

  constructor(connection: NetworkConnection, config: StarknetConfig) {
    this.#connection = connection;
    this.#config = config;
    intercept(connection, (request, next) => this.#around(request, next));
  }

  async url(): Promise<string> {
    return (await this.#devnet()).url;
  }

  async provider(): Promise<RpcProvider> {
    const [{ url }, { devnetProvider }] = await Promise.all([
      this.#devnet(),
      import("./provider.ts"),
    ]);
    return devnetProvider(url);
  }

  async accounts(): Promise<Account[]> {
    const [{ accounts }, provider, { Account }] = await Promise.all([
      this.#devnet(),
      this.provider(),
      import("starknet"),
    ]);
    return accounts.map(
      ({ address, privateKey }) =>
        new Account({
          provider,
          address: toPaddedHex(address, 32),
          signer: toHex(privateKey),
        }),
    );
  }

  async core(): Promise<Contract> {
    const [{ l1 }, { BrowserProvider, Contract }, { contractInterface }] = await Promise.all([
      this.#devnet(),
      import("ethers"),
      import("../l1/artifacts.ts"),
    ]);
    const provider = new BrowserProvider(this.#connection.provider, undefined, {
      cacheTimeout: -1,
      pollingInterval: 50,
    });
    return new Contract(
      l1!.layer.deployment.core,
      contractInterface("StarknetCore"),
      await provider.getSigner(0),
    );
  }

  async settle(): Promise<readonly SettledRange[]> {
    const { core, l1 } = await this.#devnet();
    await core.sequencer.exclusively(() => undefined);
    return asPluginError(() => l1!.layer.settle());
  }

  async waitForL2(transaction: L1TransactionLike, options?: WaitOptions) {
    const { core, l1 } = await this.#devnet();
    return asPluginError(() => waitForMessages(core.sequencer, l1!, transaction, options));
  }

  async messagesToL1(transaction: L2TransactionLike) {
    const { core, l1 } = await this.#devnet();
    return asPluginError(() => messagesToL1Of(core.sequencer, l1!, transaction));
  }

  async status(): Promise<L1Status> {
    const { l1 } = await this.#devnet();
    await l1!.layer.sync();
    return l1!.control.status();
  }

  async gas(blocks: number | Partial<BlockRange> = {}): Promise<SettlementBill> {
    const { l1 } = await this.#devnet();
    const range = typeof blocks === "number" ? { first: blocks, last: blocks } : blocks;
    return asPluginError(() => l1!.control.gas(range));
  }

  async mint(address: string | bigint, amount: bigint, unit: "FRI" | "WEI" = "FRI"): Promise<void> {
    const { control } = await this.#devnet();
    await asPluginError(() => control.mint(BigInt(address), amount, unit));
  }

  async increaseTime(seconds: number): Promise<void> {
    const { control } = await this.#devnet();
    await control.increaseTime(seconds);
  }

  async createBlock(): Promise<number> {
    const { core, control } = await this.#devnet();
    return core.sequencer.chain.numberOf(await control.createBlock())!;
  }

  /** Ends the L2, if there is one; it is not started again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stop();
  }

  async #devnet(): Promise<Devnet> {
    if (this.#closed)
      throw new HardhatPluginError(
        "hardhat-starknet",
        "the network connection is closed, and its L2 with it",
      );
    return (await (this.#running ??= this.#start())).devnet;
  }

  async #start(): Promise<Running> {
    try {
      // All of the engine loads here, so that a connection without an L2 costs nothing.
      const [{ startDevnet }, { silentLog }, { readOptions }, { connectionAccess }] =
        await Promise.all([
          import("../devnet/devnet.ts"),
          import("../devnet/log.ts"),
          import("../devnet/options.ts"),
          import("./l1.ts"),
        ]);
      const section = await configuredOptions(this.#config);
      const { options } = readOptions({ settleOn: "demand", seed: 0 }, section);
      let interceptor: RequestInterceptor = (_, next) => next();
      const access = {
        ...connectionAccess(this.#connection, "the network connection"),
        intercept: (own: RequestInterceptor) => void (interceptor = own),
      };
      const isSimulated = this.#connection.networkConfig.type !== "http";
      const ofConnection = {
        ...options,
        ...OF_A_CONNECTION,
        ...(isSimulated && OF_A_SIMULATED_CHAIN),
      };
      // A test run ends when its tests do, whether they close their connections or not.
      const devnet = await startDevnet(ofConnection, silentLog, access, { background: true });
      return { devnet, interceptor };
    } catch (error) {
      this.#running = undefined;
      throw asError(error);
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.then(
      ({ devnet }) => devnet.close(),
      () => undefined,
    );
  }

  /** Snapshots of the connection's chain are of both layers; before there is an L2, they are of none. */
  async #around(
    request: Parameters<RequestInterceptor>[0],
    next: () => Promise<unknown>,
  ): Promise<unknown> {
    const { method, params } = request;
    if (method !== "evm_snapshot" && method !== "evm_revert") return next();
    if (method === "evm_revert" && this.#beforeStart.has(params?.[0])) {
      const reverted = await next();
      if (reverted === true) await this.#stop();
      return reverted;
    }
    // Where the L2 does not start, L1 has its snapshots all the same.
    const running = await this.#running?.catch(() => undefined);
    if (running !== undefined) return running.interceptor(request, next);
    const answer = await next();
    if (method === "evm_snapshot") this.#beforeStart.add(answer);
    return answer;
  }
}

/** The L2 of a connection is one of many, and lives as long as the connection. */
const OF_A_CONNECTION = {
  host: "127.0.0.1",
  port: 0,
  ethUrl: undefined,
  data: undefined,
  dumpOn: undefined,
  dumpPath: undefined,
};

/** It is new: what the section names of the L1 at `ethUrl` is not on it. */
const OF_A_SIMULATED_CHAIN = { core: undefined, ethKey: undefined };

const asError = (error: unknown): unknown =>
  error instanceof Error && !(error instanceof HardhatPluginError)
    ? new HardhatPluginError("hardhat-starknet", error.message, error)
    : error;

async function asPluginError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asError(error);
  }
}
