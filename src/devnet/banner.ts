/** What `starknet:devnet` prints when both layers are up. */
import { styleText } from "node:util";
import { shortStringOrHex } from "../field/short-string.ts";
import { inEther } from "../util/amount.ts";
import { toHex, toPaddedHex } from "../util/hex.ts";
import { STARKNET_VERSION } from "../starknet/constants.ts";
import { ETH_TOKEN, LEGACY_UDC, STRK_TOKEN, UDC } from "../starknet/addresses.ts";
import { shownUrl } from "../proving/queue/redis.ts";
import type { L1Description } from "../rpc/l1-control.ts";
import type { Devnet } from "./devnet.ts";

const title = (text: string): string => styleText("bold", text);

/** @param l1Accounts funded ones of an L1 of this process; undefined for another */
export function banner(devnet: Devnet, l1Accounts?: readonly string[]): string {
  const { accounts, options } = devnet;
  const l1 = devnet.l1?.control.describe();
  const chain = shortStringOrHex(options.chainId);
  const lines = [
    "",
    title(`Starknet ${STARKNET_VERSION} devnet on ${l1Accounts ? "a Hardhat L1" : "an L1"}`),
    "",
    ...(l1 ? [l1Line(l1, l1Accounts)] : []),
    `L2  JSON-RPC   ${devnet.url}   chain id ${chain}`,
    `    WebSocket  ${devnet.webSocketUrl}`,
    ...(l1 ? ["", ...onL1(l1)] : []),
    ...(options.proverQueue === undefined || l1?.settlement !== "proven"
      ? []
      : [`Provers        those that wait at ${shownUrl(options.proverQueue)}, by starknet:prover`]),
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

function l1Line(
  { rpcUrl, chainId }: L1Description,
  accounts: readonly string[] | undefined,
): string {
  const funded =
    accounts && `, ${accounts.length} funded accounts, the first ${accounts[0] ?? "none"}`;
  return `L1  JSON-RPC   ${rpcUrl}   chain id ${chainId}${funded ?? ""}`;
}

const SETTLEMENT: Readonly<Record<string, string>> = {
  proven: "Settlement     proven: blocks are accepted on L1 with a STARK proof that L1 verifies",
  unproven: styleText(
    "yellow",
    "Settlement     UNPROVEN: blocks are accepted on L1 on the operator's word, without proofs",
  ),
  none: "Settlement     none: messages go to L2, nothing comes back",
};

function onL1({ coreContract, factRegistry, operator, settlement }: L1Description): string[] {
  return [
    title("On L1"),
    `Core contract  ${coreContract}`,
    ...(factRegistry === undefined ? [] : [`Fact registry  ${factRegistry}`]),
    `Operator       ${operator}`,
    SETTLEMENT[settlement] ?? settlement,
  ];
}
