/** A devnet inside the test's process, and the few calls that tests make of it. */
import { sign } from "../../src/curve/ecdsa.ts";
import { startDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { selector } from "../../src/hash/keccak.ts";
import { transactionHash } from "../../src/starknet/transaction-hash.ts";
import type { InvokeTransaction } from "../../src/starknet/transaction.ts";

export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The error of a JSON-RPC answer, thrown. */
export class RpcFailed extends Error {
  readonly failure: RpcFailure;

  constructor(failure: RpcFailure) {
    super(`${failure.code}: ${failure.message} ${JSON.stringify(failure.data ?? "")}`);
    this.failure = failure;
  }
}

export class TestDevnet {
  readonly devnet: Devnet;

  constructor(devnet: Devnet) {
    this.devnet = devnet;
  }

  /** Seed 0, free port, silent, with `options` on top. */
  static async start(options: Record<string, unknown> = {}): Promise<TestDevnet> {
    const { options: read, problems } = readOptions({ seed: 0, port: 0, accounts: 3, ...options });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    return new TestDevnet(await startDevnet(read, silentLog));
  }

  get accounts(): Devnet["accounts"] {
    return this.devnet.accounts;
  }

  /** Calls a method over HTTP; throws RpcFailed. */
  async rpc<T = unknown>(method: string, params: unknown = []): Promise<T> {
    const response = await fetch(this.devnet.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: RpcFailure };
    if (error !== undefined) throw new RpcFailed(error);
    return result;
  }

  /** The failure of a call that is expected to fail. */
  async failure(method: string, params: unknown = []): Promise<RpcFailure> {
    try {
      await this.rpc(method, params);
    } catch (error) {
      if (error instanceof RpcFailed) return error.failure;
      throw error;
    }
    throw new Error(`${method} succeeded`);
  }

  /** A signed transfer of STRK as the JSON-RPC takes it, with its hash. */
  transfer(
    to: bigint,
    amount: bigint,
    options: { from?: number; nonce?: bigint; signature?: bigint[] } = {},
  ) {
    const { address, privateKey } = this.accounts[options.from ?? 0]!;
    const nonce = options.nonce ?? this.devnet.core.sequencer.openBlock().state.nonceAt(address);
    const bounds = { maxAmount: 10_000_000n, maxPricePerUnit: 10_000_000_000n };
    const unsigned: Omit<InvokeTransaction, "hash"> = {
      type: "INVOKE",
      version: 3n,
      senderAddress: address,
      nonce,
      signature: [],
      resourceBounds: { l1Gas: bounds, l2Gas: bounds, l1DataGas: bounds },
      tip: 0n,
      paymasterData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
      accountDeploymentData: [],
      calldata: [1n, STRK_TOKEN, selector("transfer"), 3n, to, amount, 0n],
    };
    const hash = transactionHash(unsigned, this.devnet.options.chainId);
    const { r, s } = sign(hash, privateKey);
    const hex = (value: bigint): string => `0x${value.toString(16)}`;
    const resource = {
      max_amount: hex(bounds.maxAmount),
      max_price_per_unit: hex(bounds.maxPricePerUnit),
    };
    return {
      hash: hex(hash),
      invoke: {
        type: "INVOKE",
        version: "0x3",
        sender_address: hex(address),
        nonce: hex(nonce),
        signature: (options.signature ?? [r, s]).map(hex),
        resource_bounds: { l1_gas: resource, l2_gas: resource, l1_data_gas: resource },
        tip: "0x0",
        paymaster_data: [],
        account_deployment_data: [],
        nonce_data_availability_mode: "L1",
        fee_data_availability_mode: "L1",
        calldata: unsigned.calldata.map(hex),
      },
    };
  }

  /** Sends a transfer; its transaction hash. */
  async send(
    to: bigint,
    amount: bigint,
    options: Parameters<TestDevnet["transfer"]>[2] = {},
  ): Promise<string> {
    const { hash, invoke } = this.transfer(to, amount, options);
    await this.rpc("starknet_addInvokeTransaction", [invoke]);
    return hash;
  }

  /** Balance in STRK's smallest unit, at a block id of the JSON-RPC. */
  async balance(address: bigint, block: unknown = "pre_confirmed"): Promise<bigint> {
    const [low, high] = await this.rpc<string[]>("starknet_call", [
      {
        contract_address: `0x${STRK_TOKEN.toString(16)}`,
        entry_point_selector: `0x${selector("balance_of").toString(16)}`,
        calldata: [`0x${address.toString(16)}`],
      },
      block,
    ]);
    return BigInt(low!) + (BigInt(high!) << 128n);
  }

  status(hash: string): Promise<{ finality_status: string; execution_status?: string }> {
    return this.rpc("starknet_getTransactionStatus", [hash]);
  }

  blockNumber(): Promise<number> {
    return this.rpc("starknet_blockNumber");
  }

  close(): Promise<void> {
    return this.devnet.close();
  }
}
