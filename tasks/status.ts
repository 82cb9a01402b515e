import { setTimeout } from "node:timers/promises";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { httpTransport } from "../src/l1/transport.ts";
import { statusReport, type NodeAnswer, type StatusAnswer } from "../src/plugin/status-report.ts";
import { askDevnet, devnetUrl } from "./ask-devnet.ts";

interface StatusArguments {
  readonly url: string | undefined;
  readonly json: boolean;
}

/** How long a node may take to say how it is, in milliseconds. */
const NODE_MS = 2_000;

/** Asks a running devnet what is under way between the layers, and the nodes that follow it, and answers it. */
const action: NewTaskActionFunction<StatusArguments> = async ({ url, json }, hre) => {
  const devnet = await devnetUrl(hre, url);
  const status = (await askDevnet(devnet, "devnet_getL1Status")) as StatusAnswer;
  const nodes = await Promise.all(status.nodes.map(askNode));
  const answer = { ...status, nodes };
  console.log(json ? JSON.stringify(answer, null, 2) : statusReport(devnet, status, nodes));
  return answer;
};

async function askNode(url: string): Promise<NodeAnswer> {
  const late = setTimeout(NODE_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the node at ${url} does not answer`);
  });
  try {
    const answer = httpTransport(url).request({ method: "node_getStatus" });
    return { ...((await Promise.race([answer, late])) as NodeAnswer), url };
  } catch (error) {
    return { url, failure: (error as Error).message.replace(/^L1 at/, "the node at") };
  }
}

export default action;
