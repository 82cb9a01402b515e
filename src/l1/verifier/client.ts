/** Verification by a contract on L1, over JSON-RPC. */
import { setTimeout } from "node:timers/promises";
import type { ProofFile } from "../../prover/proof-file.ts";
import type { Verification } from "../../prover/verifier/verify.ts";
import { bytesToHex, toHex, toPaddedHex } from "../../util/hex.ts";
import { carryOut, claimPurpose, planVerification, type Purpose } from "./calldata.ts";

/** EIP-1193. */
export interface L1Provider {
  request(args: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** Of a transaction (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216;

const bytesOf = (hex: unknown): Uint8Array => Buffer.from(String(hex).slice(2), "hex");

export interface SentTransaction {
  readonly name: string;
  readonly gasUsed: number;
  readonly calldataBytes: number;
}

export interface VerifierReceipt {
  readonly contractAddress: string;
  readonly gasUsed: string;
  readonly status: string;
}

const POLL_MS = 500;
/** Asked for so often: five minutes. */
const POLLS = 600;

/** The receipt of a transaction, when it is in a block. Throws Error where it does not come. */
export async function receiptOf(provider: L1Provider, hash: unknown): Promise<VerifierReceipt> {
  for (let i = 0; i < POLLS; i++) {
    const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (receipt !== null) return receipt as VerifierReceipt;
    await setTimeout(POLL_MS);
  }
  throw new Error(`the transaction ${String(hash)} is in no block after ${POLLS * POLL_MS} ms`);
}

/** A contract on L1 and the account that calls it. */
export class VerifierClient {
  readonly #provider: L1Provider;
  readonly address: string;
  readonly #from: string;

  constructor(provider: L1Provider, address: bigint, from: string) {
    this.#provider = provider;
    this.address = toPaddedHex(address, 20);
    this.#from = from;
  }

  #transaction(data: Uint8Array): object {
    const gas = toHex(MAX_TRANSACTION_GAS);
    return { from: this.#from, to: this.address, data: bytesToHex(data), gas };
  }

  /** Runs a call without a transaction. Throws what the provider throws where it reverts. */
  async call(data: Uint8Array): Promise<Uint8Array> {
    return bytesOf(
      await this.#provider.request({
        method: "eth_call",
        params: [this.#transaction(data), "latest"],
      }),
    );
  }

  async send(name: string, data: Uint8Array): Promise<SentTransaction> {
    const hash = await this.#provider.request({
      method: "eth_sendTransaction",
      params: [this.#transaction(data)],
    });
    const receipt = await receiptOf(this.#provider, hash);
    if (receipt.status !== "0x1") throw new Error(`the transaction "${name}" was reverted`);
    return { name, gasUsed: Number(receipt.gasUsed), calldataBytes: data.length };
  }

  /** Proves on L1 what a proof is for, in as many transactions as it takes. */
  async register(
    file: ProofFile,
    verification: Verification,
    purpose: Purpose = claimPurpose(file),
  ): Promise<SentTransaction[]> {
    const plan = planVerification(file, verification, purpose);
    return carryOut(plan, this, { whole: "whole proof", begin: "begin" });
  }
}
