/** Verifier contracts on a chain of their own. */
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type AbiValue, encodeArguments } from "../../../src/l1/abi.ts";
import { VerifierClient } from "../../../src/l1/verifier/client.ts";
import {
  deployVerifier,
  nodeBytesOf,
  type VerifierSettings,
} from "../../../src/l1/verifier/deployment.ts";
import { toHex } from "../../../src/util/hex.ts";
import { artifact } from "./core.ts";

export class VerifierFixture {
  readonly connection: NetworkConnection;
  readonly account: string;
  /** Bytes of the code of each contract, by name. */
  readonly codeBytes = new Map<string, number>();

  private constructor(connection: NetworkConnection, account: string) {
    this.connection = connection;
    this.account = account;
  }

  static async create(): Promise<VerifierFixture> {
    const connection = await hre.network.create();
    const accounts = (await connection.provider.request({ method: "eth_accounts" })) as string[];
    return new VerifierFixture(connection, accounts[0]!);
  }

  readonly deploy = async (contract: string, args: readonly AbiValue[]): Promise<bigint> => {
    const { bytecode } = await artifact(contract);
    const { provider } = this.connection;
    const data = bytecode + Buffer.from(encodeArguments(args)).toString("hex");
    const hash = await provider.request({
      method: "eth_sendTransaction",
      params: [{ from: this.account, data, gas: toHex(16_000_000) }],
    });
    const receipt = (await provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as { contractAddress: string };
    const code = (await provider.request({
      method: "eth_getCode",
      params: [receipt.contractAddress, "latest"],
    })) as string;
    this.codeBytes.set(contract, code.length / 2 - 1);
    return BigInt(receipt.contractAddress);
  };

  async verifier(
    layout: string,
    settings: Partial<VerifierSettings> = {},
    contract?: string,
  ): Promise<VerifierClient> {
    const nodeBytes = settings.nodeBytes ?? nodeBytesOf(layout);
    const security = settings.security ?? { bits: 96, minPowBits: 0 };
    const address = await deployVerifier(this.deploy, layout, { security, nodeBytes }, contract);
    return new VerifierClient(this.connection.provider, address, this.account, nodeBytes);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
