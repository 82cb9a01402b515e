/** What `starknet:devnet` prints when both layers are up. */
import { styleText } from "node:util";
import { shortStringText } from "../field/short-string.ts";
import { inEther } from "../util/amount.ts";
import { toHex, toPaddedHex } from "../util/hex.ts";
import { STARKNET_VERSION } from "../starknet/constants.ts";
import { ETH_TOKEN, LEGACY_UDC, STRK_TOKEN, UDC } from "./genesis/addresses.ts";
import type { Devnet } from "./devnet.ts";

/** What the banner says of L1. */
export interface L1Description {
  readonly url: string;
  readonly chainId: number;
  readonly accounts: readonly string[];
}

export function banner(devnet: Devnet, l1: L1Description): string {
  const { accounts, options } = devnet;
  const title = (text: string): string => styleText("bold", text);
  const chain = shortStringText(options.chainId) ?? toHex(options.chainId);
  const lines = [
    "",
    title(`Starknet ${STARKNET_VERSION} devnet on a Hardhat L1`),
    "",
    `L1  JSON-RPC   ${l1.url}   chain id ${l1.chainId}, ${l1.accounts.length} funded accounts, the first ${l1.accounts[0] ?? "none"}`,
    `L2  JSON-RPC   ${devnet.url}   chain id ${chain}`,
    `    WebSocket  ${devnet.webSocketUrl}`,
    "",
    title("On L2"),
    `STRK        ${toPaddedHex(STRK_TOKEN, 32)}`,
    `ETH         ${toPaddedHex(ETH_TOKEN, 32)}`,
    `UDC         ${toPaddedHex(UDC, 32)}`,
    `UDC legacy  ${toPaddedHex(LEGACY_UDC, 32)}`,
  ];
  if (accounts.length > 0) {
    const balance = inEther(options.initialBalance);
    lines.push(
      "",
      title(`Accounts on L2, seed ${devnet.seed}, ${balance} STRK and ${balance} ETH each`),
    );
  }
  accounts.forEach(({ address, publicKey, privateKey }, i) => {
    lines.push(
      `#${String(i).padEnd(4)}address  ${toPaddedHex(address, 32)}`,
      `     public   ${toPaddedHex(publicKey, 32)}`,
      `     private  ${toHex(privateKey)}`,
    );
  });
  lines.push("", "Ctrl-C ends both layers.", "");
  return lines.join("\n");
}
