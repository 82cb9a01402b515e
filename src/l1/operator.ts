/** The account that deploys and settles: signs here, so that no node has to know its key. */
import { setTimeout as sleep } from "node:timers/promises";
import { id, keccak256, Wallet } from "ethers";
import { inEther } from "../util/amount.ts";
import type { Ethereum, L1Receipt } from "./ethereum.ts";
import { revertReason } from "./revert-reason.ts";
import { L1RequestError, L1UnavailableError } from "./transport.ts";

/** Highest gas of one transaction (EIP-7825), and bytes of it that nodes take into their pools. */
export const TRANSACTION_GAS_CAP = 16_777_216n;
export const TRANSACTION_BYTES = 131_072;

/** An account of our own on development chains: the user's accounts keep their nonces and balances. */
export const DEVELOPMENT_KEY = id("hardhat-starknet operator");
const DEVELOPMENT_BALANCE = 10n ** 24n;

/** A transaction that L1 refused or reverted; sending it again is no use. */
export class L1TransactionError extends Error {
  override readonly name = "L1TransactionError";
}

export interface L1Call {
  /** Absent: a contract is created. */
  readonly to?: string;
  readonly data: string;
  /** wei */
  readonly value?: bigint;
  /** Estimated where it is left out. */
  readonly gasLimit?: bigint;
}

export interface OperatorOptions {
  readonly ethereum: Ethereum;
  /** 32 bytes in hex */
  readonly privateKey: string;
  /** How often a receipt is asked for, and how long it may take. */
  readonly pollMs?: number;
  readonly timeoutMs?: number;
}

export class Operator {
  readonly address: string;
  readonly #wallet: Wallet;
  readonly #ethereum: Ethereum;
  readonly #pollMs: number;
  readonly #timeoutMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ ethereum, privateKey, pollMs = 100, timeoutMs = 300_000 }: OperatorOptions) {
    this.#wallet = new Wallet(privateKey);
    this.address = this.#wallet.address;
    this.#ethereum = ethereum;
    this.#pollMs = pollMs;
    this.#timeoutMs = timeoutMs;
  }

  /** Sends a transaction and waits until it is in a block. Rejects with L1TransactionError, L1UnavailableError. */
  send(call: L1Call): Promise<L1Receipt> {
    // One at a time: the nonce is asked of the node.
    const sent = this.#last.then(() => this.#send(call));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(call: L1Call): Promise<L1Receipt> {
    const ethereum = this.#ethereum;
    const gasLimit = call.gasLimit ?? (await this.#estimate(call));
    const { baseFeePerGas } = await ethereum.head();
    const priority = 1_000_000_000n;
    const signed = await this.#wallet.signTransaction({
      type: 2,
      chainId: await ethereum.chainId(),
      nonce: await ethereum.nonce(this.address),
      gasLimit,
      maxPriorityFeePerGas: priority,
      maxFeePerGas: 2n * baseFeePerGas + priority,
      to: call.to ?? null,
      data: call.data,
      value: call.value ?? 0n,
    });
    const bytes = signed.length / 2 - 1;
    if (bytes > TRANSACTION_BYTES)
      throw new L1TransactionError(
        `the transaction has ${bytes} bytes; nodes take at most ${TRANSACTION_BYTES}`,
      );
    const hash = await this.#broadcast(signed);
    const receipt = await this.#receipt(hash);
    if (!receipt.succeeded)
      throw new L1TransactionError(`transaction ${hash} reverted: ${await this.#why(call)}`);
    return receipt;
  }

  async #estimate({ to, data, value = 0n }: L1Call): Promise<bigint> {
    const from = this.address;
    let estimate: bigint;
    try {
      estimate = BigInt(
        await this.#ethereum.request<string>("eth_estimateGas", {
          from,
          data,
          value: `0x${value.toString(16)}`,
          ...(to && { to }),
        }),
      );
    } catch (error) {
      throw this.#refused(error);
    }
    const withReserve = (estimate * 11n) / 10n;
    return withReserve < TRANSACTION_GAS_CAP ? withReserve : TRANSACTION_GAS_CAP;
  }

  async #broadcast(signed: string): Promise<string> {
    try {
      return await this.#ethereum.request<string>("eth_sendRawTransaction", signed);
    } catch (error) {
      const { message, data } = error as L1RequestError;
      // Hardhat's node mines at once, and answers with the hash of a transaction that reverted in its block.
      const mined = (data as { txHash?: unknown } | undefined)?.txHash;
      if (typeof mined === "string") return mined;
      if (/already known|known transaction/i.test(message)) return keccak256(signed);
      if (/insufficient funds|doesn't have enough funds/i.test(message))
        throw await this.#outOfFunds(message);
      throw this.#refused(error);
    }
  }

  async #receipt(hash: string): Promise<L1Receipt> {
    const end = Date.now() + this.#timeoutMs;
    for (;;) {
      const receipt = await this.#ethereum.receipt(hash);
      if (receipt !== undefined) return receipt;
      if (Date.now() > end)
        throw new L1UnavailableError(
          `transaction ${hash} is in no block after ${this.#timeoutMs / 1000} s: is L1 mining, and is the fee enough?`,
        );
      await sleep(this.#pollMs);
    }
  }

  async #why({ to, data }: L1Call): Promise<string> {
    try {
      await this.#ethereum.request("eth_call", { from: this.address, to, data }, "latest");
      return "for a reason that does not show when it is run again; out of gas, perhaps";
    } catch (error) {
      return revertReason(error);
    }
  }

  #refused(error: unknown): unknown {
    return error instanceof L1RequestError
      ? new L1TransactionError(revertReason(error), { cause: error })
      : error;
  }

  async #outOfFunds(message: string): Promise<L1TransactionError> {
    const balance = await this.#ethereum.balance(this.address);
    return new L1TransactionError(
      `the operator ${this.address} has ${inEther(balance)} ETH, too little to settle: send it some (${message})`,
    );
  }
}

/**
 * An operator with the given key or, on a development chain, with one of our own that gets ether from nowhere.
 * Rejects with L1TransactionError where neither is to be had.
 */
export async function openOperator(
  ethereum: Ethereum,
  privateKey: string | undefined,
): Promise<Operator> {
  const operator = new Operator({ ethereum, privateKey: privateKey ?? DEVELOPMENT_KEY });
  if (privateKey !== undefined) return operator;
  const balance = `0x${DEVELOPMENT_BALANCE.toString(16)}`;
  if (await ethereum.develop("setBalance", operator.address, balance)) return operator;
  throw new L1TransactionError(
    "this L1 is no development chain: set starknet.ethKey in the Hardhat config to the key of an account with ether",
  );
}
