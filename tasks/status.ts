import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { statusReport, type StatusAnswer } from "../src/plugin/status-report.ts";
import { askDevnet, devnetUrl } from "./ask-devnet.ts";

interface StatusArguments {
  readonly url: string;
  readonly json: boolean;
}

/** Asks a running devnet what is under way between the layers, and answers it. */
const action: NewTaskActionFunction<StatusArguments> = async ({ url, json }, hre) => {
  const devnet = await devnetUrl(hre, url);
  const status = (await askDevnet(devnet, "devnet_getL1Status")) as StatusAnswer;
  console.log(json ? JSON.stringify(status, null, 2) : statusReport(devnet, status));
  return status;
};

export default action;
