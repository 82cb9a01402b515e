import { HardhatPluginError } from "hardhat/plugins";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { httpTransport } from "../src/l1/transport.ts";
import { configuredOptions } from "../src/plugin/config.ts";
import { statusReport, type StatusAnswer } from "../src/plugin/status-report.ts";

interface StatusArguments {
  readonly url: string;
  readonly json: boolean;
}

/** Asks a running devnet what is under way between the layers, and answers it. */
const action: NewTaskActionFunction<StatusArguments> = async ({ url, json }, hre) => {
  const { port = 5050 } = await configuredOptions(hre.config.starknet);
  const devnet = url === "" ? `http://127.0.0.1:${String(port)}/rpc` : url;
  const status = await ask(devnet);
  console.log(json ? JSON.stringify(status, null, 2) : statusReport(devnet, status));
  return status;
};

async function ask(url: string): Promise<StatusAnswer> {
  if (!URL.canParse(url)) throw failed(`--url: ${url} is no URL`);
  try {
    const answer = await httpTransport(url).request({ method: "devnet_getL1Status" });
    return answer as StatusAnswer;
  } catch (error) {
    throw failed(
      `${(error as Error).message.replace(/^L1 at/, "the devnet at")}: is a devnet running there? Start one by starknet:devnet, or name another by --url`,
    );
  }
}

const failed = (message: string): HardhatPluginError =>
  new HardhatPluginError("hardhat-starknet", message);

export default action;
