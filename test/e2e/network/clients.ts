/** Clients of both layers that go on whatever is away, and know in the end what must have come of it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Contract as L1Contract } from "ethers";
import { Account, type Contract, RpcProvider } from "starknet";
import { STRK_TOKEN } from "../../../src/starknet/addresses.ts";
import { toHex } from "../../../src/util/hex.ts";

const RETRY_MS = 500;

/** Until it is answered: whoever was asked may be about to come back. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!/fetch failed|ECONNRE/.test(`${String(error)} ${String((error as Error).cause)}`))
        throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Bounds far above what anything here uses, so that nothing is estimated. */
const BOUNDS = {
  l1_gas: { max_amount: 100_000n, max_price_per_unit: 10n ** 10n },
  l1_data_gas: { max_amount: 0n, max_price_per_unit: 10n ** 10n },
  l2_gas: { max_amount: 50_000_000n, max_price_per_unit: 10n ** 10n },
};

/** An account of L2 that sends one transaction after the other, each once. */
export class L2Client {
  readonly account: Account;
  readonly provider: RpcProvider;
  #nonce: bigint | undefined;
  /** Transactions that are in a block for sure. */
  done = 0;

  constructor(url: string, address: string, privateKey: string) {
    this.provider = new RpcProvider({ nodeUrl: url });
    this.account = new Account({ provider: this.provider, address, signer: privateKey });
  }

  async nonce(): Promise<bigint> {
    return BigInt(
      await patiently(() => this.provider.getNonceForAddress(this.account.address, "latest")),
    );
  }

  /** Sends until it is in a block. After a failure only the nonce tells whether it came through. */
  async send(contractAddress: string, entrypoint: string, calldata: string[]): Promise<void> {
    const call = { contractAddress, entrypoint, calldata };
    this.#nonce ??= await this.nonce();
    for (;;) {
      try {
        const nonce = await this.nonce();
        if (nonce > this.#nonce) break;
        await this.account.execute(call, { nonce, tip: 0n, resourceBounds: BOUNDS });
      } catch (error) {
        // Away, or it waits there already: the next look at the nonce tells.
        if (/revert/i.test(String(error))) throw error;
      }
      await sleep(RETRY_MS);
    }
    this.#nonce++;
    this.done++;
  }

  transfer(to: bigint, amount: bigint): Promise<void> {
    return this.send(toHex(STRK_TOKEN), "transfer", [toHex(to), toHex(amount), "0x0"]);
  }

  async balance(owner: bigint): Promise<bigint> {
    const [low] = await this.provider.callContract(
      {
        contractAddress: toHex(STRK_TOKEN),
        entrypoint: "balance_of",
        calldata: [toHex(owner)],
      },
      "latest",
    );
    return BigInt(low!);
  }
}

/** Goes over the bridge in both directions, an amount of its own each time. */
export class BridgeClient {
  readonly #bridge: L1Contract;
  readonly #token: Contract;
  readonly #client: L2Client;
  readonly #recipient: string;
  deposited = 0n;
  readonly withdrawals: bigint[] = [];
  #next = 1n;

  constructor(bridge: L1Contract, token: Contract, client: L2Client, recipient: string) {
    this.#bridge = bridge;
    this.#token = token;
    this.#client = client;
    this.#recipient = recipient;
  }

  async deposit(): Promise<void> {
    const amount = 1_000n * this.#next++;
    const { address } = this.#client.account;
    await (
      await this.#bridge.getFunction("deposit")(address, amount, { value: amount + 10n ** 15n })
    ).wait();
    this.deposited += amount;
  }

  /** Takes back a part of what was deposited, once it has arrived. */
  async withdraw(): Promise<void> {
    const amount = this.#next++;
    while ((await this.tokens()) < amount) await sleep(RETRY_MS);
    await this.#client.send(this.#token.address, "withdraw", [
      this.#recipient,
      toHex(amount),
      "0x0",
    ]);
    this.withdrawals.push(amount);
  }

  async tokens(): Promise<bigint> {
    const owner = this.#client.account.address;
    return BigInt((await patiently(() => this.#token.call("balance_of", [owner]))) as bigint);
  }

  /** Takes a withdrawal's ether on L1. Rejects with the contract's reason. */
  async take(amount: bigint): Promise<void> {
    await (await this.#bridge.getFunction("withdraw")(this.#recipient, amount)).wait();
  }
}
