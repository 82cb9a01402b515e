/** The few things that the L2 asks of L1, typed. */
import { setTimeout as sleep } from "node:timers/promises";
import { getAddress } from "ethers";
import { Answer } from "./answer.ts";
import { L1RequestError, L1UnavailableError, type Transport } from "./transport.ts";

/** How often a receipt is asked for. */
const MINED_POLL_MS = 50;

export interface L1Block {
  readonly number: number;
  readonly hash: string;
  /** seconds since 1970 */
  readonly timestamp: number;
  /** wei */
  readonly baseFeePerGas: bigint;
}

export interface L1Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: number;
}

export interface L1Receipt {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** wei per gas */
  readonly effectiveGasPrice: bigint;
  readonly contractAddress: string | undefined;
}

export interface L1Transaction {
  readonly hash: string;
  /** Undefined while it waits for a block. */
  readonly blockHash: string | undefined;
  /** Its calldata, 0x… */
  readonly input: string;
}

const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;
const tagOf = (block: number | "latest"): string => (block === "latest" ? block : quantity(block));

/** Methods that only development nodes have, by the prefixes of Hardhat and of Anvil. */
const DEVELOPMENT_PREFIXES = ["hardhat", "anvil"] as const;

/** JSON-RPC "method not found", and what some nodes answer instead. */
const isUnknownMethod = (error: unknown): boolean =>
  error instanceof L1RequestError &&
  (error.code === -32601 || /not (found|supported|available|exist)/i.test(error.message));

/** Every method rejects with L1RequestError or L1UnavailableError. */
export class Ethereum {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  request<T>(method: string, ...params: unknown[]): Promise<T> {
    return this.#transport.request({ method, params }) as Promise<T>;
  }

  /** The first thing to be asked of a node: it says in clear words where that is none of Ethereum. */
  async chainId(): Promise<number> {
    try {
      return (await this.#ask("eth_chainId")).number();
    } catch (error) {
      if (!isUnknownMethod(error)) throw error;
      const { message, code, data } = error as L1RequestError;
      throw new L1RequestError(
        `${message}: what answers there is no Ethereum node; expected the JSON-RPC of an L1`,
        code,
        data,
      );
    }
  }

  /** The newest block, or the one of that number; undefined where there is none. */
  async block(number: number | "latest" = "latest"): Promise<L1Block | undefined> {
    return readBlock((await this.#ask("eth_getBlockByNumber", tagOf(number), false)).nullable());
  }

  async head(): Promise<L1Block> {
    return readBlock(await this.#ask("eth_getBlockByNumber", "latest", false));
  }

  /**
   * Logs of a contract in blocks `from` to `to`, both included, in their order; with the topics of these places, where
   * some are given: null stands for any, a list for each of them.
   */
  async logs(
    address: string,
    from: number,
    to: number,
    topics: readonly (string | readonly string[] | null)[] = [],
  ): Promise<L1Log[]> {
    const filter = { address, topics, fromBlock: quantity(from), toBlock: quantity(to) };
    return (await this.#ask("eth_getLogs", filter)).list().map((log) => ({
      address: getAddress(log.field("address").bytes(20)),
      topics: log
        .field("topics")
        .list()
        .map((topic) => topic.bytes(32)),
      data: log.field("data").bytes(),
      blockNumber: log.field("blockNumber").number(),
      blockHash: log.field("blockHash").bytes(32),
      transactionHash: log.field("transactionHash").bytes(32),
      logIndex: log.field("logIndex").number(),
    }));
  }

  async call(to: string, data: string, block: number | "latest" = "latest"): Promise<string> {
    return (await this.#ask("eth_call", { to, data }, tagOf(block))).bytes();
  }

  /** What creation code returns, the code of the contract that it would make; nothing is made. */
  async create(data: string): Promise<string> {
    return (await this.#ask("eth_call", { data }, "latest")).bytes();
  }

  async code(address: string, block: number | "latest" = "latest"): Promise<string> {
    return (await this.#ask("eth_getCode", address, tagOf(block))).bytes();
  }

  async balance(address: string): Promise<bigint> {
    return (await this.#ask("eth_getBalance", address, "latest")).quantity();
  }

  /** Nonce of the next transaction, those that wait counted; with "latest", they are not. */
  async nonce(address: string, tag: "pending" | "latest" = "pending"): Promise<number> {
    return (await this.#ask("eth_getTransactionCount", address, tag)).number();
  }

  /** Whether a transaction is in a block, or waits for one. */
  async knows(transactionHash: string): Promise<boolean> {
    return (await this.request("eth_getTransactionByHash", transactionHash)) !== null;
  }

  /** Undefined where L1 does not know it. */
  async transaction(transactionHash: string): Promise<L1Transaction | undefined> {
    const answer = (await this.#ask("eth_getTransactionByHash", transactionHash)).nullable();
    return (
      answer && {
        hash: answer.field("hash").bytes(32),
        blockHash: answer.field("blockHash").optional()?.bytes(32),
        input: answer.field("input").bytes(),
      }
    );
  }

  /** The receipt of a transaction; undefined while it is in no block. */
  async receipt(transactionHash: string): Promise<L1Receipt | undefined> {
    const receipt = (await this.#ask("eth_getTransactionReceipt", transactionHash)).nullable();
    if (receipt === undefined) return undefined;
    return {
      transactionHash,
      blockNumber: receipt.field("blockNumber").number(),
      succeeded: receipt.field("status").optional()?.quantity() !== 0n,
      gasUsed: receipt.field("gasUsed").quantity(),
      effectiveGasPrice: receipt.field("effectiveGasPrice").optional()?.quantity() ?? 0n,
      contractAddress: receipt.field("contractAddress").optional()?.bytes(20),
    };
  }

  /** The receipt of a transaction once it is in a block. Rejects with L1UnavailableError after `timeoutMs`. */
  async mined(transactionHash: string, timeoutMs: number): Promise<L1Receipt> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const receipt = await this.receipt(transactionHash);
      if (receipt !== undefined) return receipt;
      if (Date.now() > end)
        throw new L1UnavailableError(
          `transaction ${transactionHash} is in no block after ${timeoutMs / 1000} s: is L1 mining?`,
        );
      await sleep(MINED_POLL_MS);
    }
  }

  /**
   * Asks what only a development node does, `setBalance` for one; false where L1 is none. Rejects where it is one
   * and refuses.
   */
  async develop(name: string, ...params: unknown[]): Promise<boolean> {
    for (const prefix of DEVELOPMENT_PREFIXES) {
      try {
        await this.request(`${prefix}_${name}`, ...params);
        return true;
      } catch (error) {
        if (!isUnknownMethod(error)) throw error;
      }
    }
    return false;
  }

  async #ask(method: string, ...params: unknown[]): Promise<Answer> {
    return new Answer(method, await this.request(method, ...params));
  }
}

function readBlock(block: Answer): L1Block;
function readBlock(block: Answer | undefined): L1Block | undefined;
function readBlock(block: Answer | undefined): L1Block | undefined {
  return (
    block && {
      number: block.field("number").number(),
      hash: block.field("hash").bytes(32),
      timestamp: block.field("timestamp").number(),
      baseFeePerGas: block.field("baseFeePerGas").optional()?.quantity() ?? 0n,
    }
  );
}
