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
  /** How long L1 may not know a transaction that was sent to it: nodes behind one URL differ for a while. */
  readonly forgottenMs?: number;
}

/** How often a transaction is signed anew where another one with the same key took its nonce. */
const NONCE_TRIES = 3;

/** A transaction that was sent and, as far as is known, is in no block. */
interface Unmined extends Place {
  readonly hash: string;
}

/** Where and for how much a transaction asks to be in a block. */
interface Place {
  readonly nonce: number;
  readonly fees: Fees;
}

/** wei per gas */
interface Fees {
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
}

const PRIORITY_FEE = 1_000_000_000n;

/** Nodes let a transaction take another one's place where it pays a tenth more. */
const raised = (fee: bigint): bigint => (fee * 9n) / 8n + 1n;
/** So many times what a new transaction would pay: more does not help on an L1 that makes no blocks. */
const MOST_RAISED = 10n;
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export class Operator {
  readonly address: string;
  readonly #wallet: Wallet;
  readonly #ethereum: Ethereum;
  readonly #pollMs: number;
  readonly #timeoutMs: number;
  readonly #forgottenMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #unmined: Unmined | undefined;
  /** Why nobody may wait for L1's next block at present. */
  readonly #hurries = new Set<{ readonly reason: string }>();
  #wait: AbortController | undefined;

  constructor(options: OperatorOptions) {
    const { ethereum, privateKey, pollMs = 100 } = options;
    const { timeoutMs = 300_000, forgottenMs = 5_000 } = options;
    this.#wallet = new Wallet(privateKey);
    this.address = this.#wallet.address;
    this.#ethereum = ethereum;
    this.#pollMs = pollMs;
    this.#timeoutMs = timeoutMs;
    this.#forgottenMs = forgottenMs;
  }

  /** Sends a transaction and waits until it is in a block. Rejects with L1TransactionError, L1UnavailableError. */
  send(call: L1Call): Promise<L1Receipt> {
    // One at a time: the nonce is asked of the node.
    const sent = this.#last.then(() => this.#send(call));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  /**
   * From now on no transaction waits for a block that L1 has yet to make: those that would, reject with
   * L1UnavailableError and `reason`. They stay in L1's pool.
   *
   * @returns ends that
   */
  stopWaiting(reason: string): () => void {
    const hurry = { reason };
    this.#hurries.add(hurry);
    this.#wait?.abort();
    return () => void this.#hurries.delete(hurry);
  }

  async #send(call: L1Call): Promise<L1Receipt> {
    const gasLimit = call.gasLimit ?? (await this.#estimate(call));
    const hash = await this.#submit(call, gasLimit);
    const receipt = await this.#receipt(hash);
    this.#unmined = undefined;
    if (!receipt.succeeded)
      throw new L1TransactionError(`transaction ${hash} reverted: ${await this.#why(call)}`);
    return receipt;
  }

  /** Signs and sends it; its hash. */
  async #submit(call: L1Call, gasLimit: bigint): Promise<string> {
    const chainId = await this.#ethereum.chainId();
    for (let tries = 1; ; tries++) {
      const place = await this.#nextPlace();
      const signed = await this.#wallet.signTransaction({
        type: 2,
        chainId,
        nonce: place.nonce,
        gasLimit,
        ...place.fees,
        to: call.to ?? null,
        data: call.data,
        value: call.value ?? 0n,
      });
      const bytes = signed.length / 2 - 1;
      if (bytes > TRANSACTION_BYTES)
        throw new L1TransactionError(
          `the transaction has ${bytes} bytes; nodes take at most ${TRANSACTION_BYTES}`,
        );
      // Before it is sent: the answer may get lost.
      const before = this.#unmined;
      this.#unmined = { ...place, hash: keccak256(signed) };
      try {
        return await this.#broadcast(signed);
      } catch (error) {
        if (!(error instanceof L1TransactionError)) throw error;
        // It is not in the pool; what it should have replaced may be.
        this.#unmined = before;
        if (tries === NONCE_TRIES || !/nonce (is )?too low/i.test(error.message)) throw error;
      }
    }
  }

  /**
   * Nonce and fees of the next transaction. One of ours that still waits gives up its place: whoever sends again has
   * looked at L1 anew, and a transaction that waits for cheaper times would hold up all later ones. One that pays
   * MOST_RAISED keeps it, and is waited for: then rejects with L1UnavailableError, for L1 to be looked at again.
   */
  async #nextPlace(): Promise<Place> {
    const ethereum = this.#ethereum;
    const { baseFeePerGas } = await ethereum.head();
    const next = await ethereum.nonce(this.address);
    const fees = {
      maxPriorityFeePerGas: PRIORITY_FEE,
      maxFeePerGas: 2n * baseFeePerGas + PRIORITY_FEE,
    };
    const waiting = this.#unmined;
    if (waiting === undefined) return { nonce: next, fees };
    const waits =
      waiting.nonce < next && waiting.nonce >= (await ethereum.nonce(this.address, "latest"));
    if (!waits && waiting.nonce !== next) return { nonce: next, fees };
    const maxPriorityFeePerGas = raised(waiting.fees.maxPriorityFeePerGas);
    if (maxPriorityFeePerGas > MOST_RAISED * PRIORITY_FEE) {
      await this.#receipt(waiting.hash);
      this.#unmined = undefined;
      throw new L1UnavailableError(
        `transaction ${waiting.hash}, for which L1 took long, is in a block now: it is looked at again`,
      );
    }
    const maxFeePerGas = max(fees.maxFeePerGas, raised(waiting.fees.maxFeePerGas));
    return { nonce: waiting.nonce, fees: { maxPriorityFeePerGas, maxFeePerGas } };
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
    let known = Date.now();
    for (;;) {
      const receipt = await this.#ethereum.receipt(hash);
      if (receipt !== undefined) return receipt;
      const [hurry] = this.#hurries;
      if (hurry !== undefined)
        throw new L1UnavailableError(
          `transaction ${hash} is in no block of L1 yet, and is not waited for: ${hurry.reason}`,
        );
      if (await this.#ethereum.knows(hash)) known = Date.now();
      else if (Date.now() - known > this.#forgottenMs)
        throw new L1UnavailableError(
          `L1 does not know transaction ${hash} any more: it went back, or dropped it`,
        );
      if (Date.now() > end)
        throw new L1UnavailableError(
          `transaction ${hash} is in no block after ${this.#timeoutMs / 1000} s: is L1 mining, and is the fee enough?`,
        );
      this.#wait = new AbortController();
      await sleep(this.#pollMs, undefined, { signal: this.#wait.signal }).catch(() => undefined);
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
  if (privateKey === undefined) await fundOperator(ethereum, operator);
  return operator;
}

/** Gives our own operator ether from nowhere. Rejects with L1TransactionError where L1 is no development chain. */
export async function fundOperator(ethereum: Ethereum, { address }: Operator): Promise<void> {
  const balance = `0x${DEVELOPMENT_BALANCE.toString(16)}`;
  if (await ethereum.develop("setBalance", address, balance)) return;
  throw new L1TransactionError(
    "this L1 is no development chain: set starknet.ethKey in the Hardhat config to the key of an account with ether",
  );
}
