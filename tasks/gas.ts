import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { type BillArguments, printBill } from "./gas-bill.ts";
import { printFunctions } from "./gas-functions.ts";

/** Of blocks where anything of them is named, otherwise of the contracts' functions; returns what `--json` prints. */
const action: NewTaskActionFunction<BillArguments> = (args, hre) => {
  const { block, from, to, url, html, json } = args;
  const ofBlocks = [block, from, to, url, html].some((text) => text !== undefined);
  return ofBlocks ? printBill(args, hre) : printFunctions(json, hre);
};

export default action;
