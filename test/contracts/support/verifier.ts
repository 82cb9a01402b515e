/** Verifier contracts on a chain of their own. */
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type AbiValue, encodeArguments } from "../../../src/l1/abi.ts";
import { VerifierClient } from "../../../src/l1/verifier/client.ts";
import {
  deployFactRegistry,
  deployVerifier,
  type VerifierSettings,
} from "../../../src/l1/verifier/deployment.ts";
import type { ProgramOnL1 } from "../../../src/l1/verifier/program.ts";
import type { SecurityRequirement } from "../../../src/prover/verifier/parameters.ts";
import { toHex, toPaddedHex } from "../../../src/util/hex.ts";
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
    const creation = Buffer.concat([Buffer.from(bytecode.slice(2), "hex"), encodeArguments(args)]);
    const address = await this.deployCode(creation);
    const code = (await this.connection.provider.request({
      method: "eth_getCode",
      params: [toPaddedHex(address, 20), "latest"],
    })) as string;
    this.codeBytes.set(contract, code.length / 2 - 1);
    return address;
  };

  readonly deployCode = async (code: Uint8Array): Promise<bigint> => {
    const { provider } = this.connection;
    const data = `0x${Buffer.from(code).toString("hex")}`;
    const hash = await provider.request({
      method: "eth_sendTransaction",
      params: [{ from: this.account, data, gas: toHex(16_000_000) }],
    });
    const receipt = (await provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as { contractAddress: string };
    return BigInt(receipt.contractAddress);
  };

  async factRegistry(
    layout: string,
    program: ProgramOnL1,
    security: SecurityRequirement,
  ): Promise<VerifierClient> {
    const address = await deployFactRegistry(
      this.deploy,
      this.deployCode,
      layout,
      { security },
      program,
    );
    return new VerifierClient(this.connection.provider, address, this.account);
  }

  async verifier(
    layout: string,
    settings: Partial<VerifierSettings> = {},
    contract?: string,
  ): Promise<VerifierClient> {
    const security = settings.security ?? { bits: 96, minPowBits: 0 };
    const address = await deployVerifier(this.deploy, layout, { security }, contract);
    return new VerifierClient(this.connection.provider, address, this.account);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
