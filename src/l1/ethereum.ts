/** The few things that the L2 asks of L1, typed. */
import { getAddress } from "ethers";
import { L1RequestError, type Transport } from "./transport.ts";

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

const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

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

  async chainId(): Promise<number> {
    return Number(await this.request<string>("eth_chainId"));
  }

  /** The newest block, or the one of that number; undefined where there is none. */
  async block(number: number | "latest" = "latest"): Promise<L1Block | undefined> {
    const tag = number === "latest" ? number : quantity(number);
    const block = await this.request<Record<string, string> | null>(
      "eth_getBlockByNumber",
      tag,
      false,
    );
    if (block === null) return undefined;
    return {
      number: Number(block["number"]),
      hash: block["hash"]!,
      timestamp: Number(block["timestamp"]),
      baseFeePerGas: BigInt(block["baseFeePerGas"] ?? 0),
    };
  }

  async head(): Promise<L1Block> {
    return (await this.block())!;
  }

  /** Logs of a contract in blocks `from` to `to`, both included, in their order. */
  async logs(address: string, from: number, to: number): Promise<L1Log[]> {
    const logs = await this.request<Record<string, string>[]>("eth_getLogs", {
      address,
      fromBlock: quantity(from),
      toBlock: quantity(to),
    });
    return logs.map((log) => ({
      address: getAddress(log["address"]!),
      topics: log["topics"] as unknown as string[],
      data: log["data"]!,
      blockNumber: Number(log["blockNumber"]),
      blockHash: log["blockHash"]!,
      transactionHash: log["transactionHash"]!,
      logIndex: Number(log["logIndex"]),
    }));
  }

  call(to: string, data: string, block: number | "latest" = "latest"): Promise<string> {
    return this.request("eth_call", { to, data }, block === "latest" ? block : quantity(block));
  }

  code(address: string): Promise<string> {
    return this.request("eth_getCode", address, "latest");
  }

  async balance(address: string): Promise<bigint> {
    return BigInt(await this.request<string>("eth_getBalance", address, "latest"));
  }

  /** Nonce of the next transaction, those that wait counted. */
  async nonce(address: string): Promise<number> {
    return Number(await this.request<string>("eth_getTransactionCount", address, "pending"));
  }

  /** The receipt of a transaction; undefined while it is in no block. */
  async receipt(transactionHash: string): Promise<L1Receipt | undefined> {
    const receipt = await this.request<Record<string, string> | null>(
      "eth_getTransactionReceipt",
      transactionHash,
    );
    if (receipt === null) return undefined;
    return {
      transactionHash,
      blockNumber: Number(receipt["blockNumber"]),
      succeeded: BigInt(receipt["status"] ?? 1) === 1n,
      gasUsed: BigInt(receipt["gasUsed"]!),
      effectiveGasPrice: BigInt(receipt["effectiveGasPrice"] ?? 0),
      contractAddress: receipt["contractAddress"] ?? undefined,
    };
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
}
