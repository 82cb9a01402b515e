/** `starknet:gas` of blocks that a running devnet has settled. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { BillAnswer } from "../src/plugin/gas/bill.ts";
import { billPage } from "../src/plugin/gas/bill-page.ts";
import { billTable } from "../src/plugin/gas/bill-table.ts";
import { askDevnet, devnetUrl } from "./ask-devnet.ts";
import { failed } from "./support.ts";
import { checkFolder, writeWhole } from "./write-whole.ts";

export interface BillArguments {
  readonly block: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly url: string | undefined;
  readonly html: string | undefined;
  readonly json: boolean;
}

export async function printBill(
  { block, from, to, url, html, json }: BillArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<BillAnswer> {
  if (block !== undefined && (from ?? to) !== undefined)
    throw failed("--block: name one block by it, or several by --from and --to");
  const range =
    block === undefined
      ? [blockId("from", from), blockId("to", to)]
      : twice(blockId("block", block));
  if (html !== undefined) checkFolder("--html", html);
  const devnet = await devnetUrl(hre, url);
  const bill = (await askDevnet(devnet, "devnet_getL1Gas", range)) as BillAnswer;
  console.log(json ? JSON.stringify(bill, null, 2) : billTable(bill));
  if (html !== undefined) {
    writeWhole("--html", html, billPage(bill));
    if (!json) console.log(`\nas a page: ${html}`);
  }
  return bill;
}

const twice = <T>(value: T): [T, T] => [value, value];

/** Null leaves the bound to the devnet: the first block, the newest one on L1. */
function blockId(flag: string, text: string | undefined): { readonly block_number: number } | null {
  if (text === undefined) return null;
  if (!/^\d{1,15}$/.test(text)) throw failed(`--${flag}: expected a block number, got "${text}"`);
  return { block_number: Number(text) };
}
