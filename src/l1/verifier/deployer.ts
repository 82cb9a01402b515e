/** Creates contracts over JSON-RPC, from an account that the node signs for. */
import { toHex, toPaddedHex } from "../../util/hex.ts";
import { encodeArguments } from "../abi.ts";
import { verifierCreationCode } from "./artifacts.ts";
import { type L1Provider, MAX_TRANSACTION_GAS, receiptOf } from "./client.ts";
import type { Deploy, DeployCode } from "./deployment.ts";

export interface Deployer {
  readonly deploy: Deploy;
  readonly deployCode: DeployCode;
  /** Gas of everything deployed so far. */
  readonly gasUsed: () => number;
}

export function deployer(provider: L1Provider, from: string): Deployer {
  let gasUsed = 0;
  const deployCode: DeployCode = async (code) => {
    const data = `0x${Buffer.from(code).toString("hex")}`;
    const hash = await provider.request({
      method: "eth_sendTransaction",
      params: [{ from, data, gas: toHex(MAX_TRANSACTION_GAS) }],
    });
    const receipt = await receiptOf(provider, hash);
    if (receipt.status !== "0x1") throw new Error("a contract could not be deployed");
    gasUsed += Number(receipt.gasUsed);
    return BigInt(receipt.contractAddress);
  };
  return {
    deployCode,
    deploy: (contract, args) =>
      deployCode(Buffer.concat([verifierCreationCode(contract), encodeArguments(args)])),
    gasUsed: () => gasUsed,
  };
}

/** Whether there is code at an address. */
export const hasCode = async (provider: L1Provider, address: bigint): Promise<boolean> =>
  (await provider.request({
    method: "eth_getCode",
    params: [toPaddedHex(address, 20), "latest"],
  })) !== "0x";
