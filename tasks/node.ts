import { styleText } from "node:util";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { readOptions, type DevnetOptions } from "../src/devnet/options.ts";
import { httpTransport } from "../src/l1/transport.ts";
import { FeederClient } from "../src/node/feeder-client.ts";
import {
  startFollowingNode,
  type NodeEvent,
  type RunningNode,
} from "../src/node/following-node.ts";
import { startL1Node } from "../src/node/l1/l1-node.ts";
import { nodeLog } from "../src/node/log.ts";
import type { NodeMode } from "../src/node/status.ts";
import { configuredOptions } from "../src/plugin/config.ts";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { badOptions, failed, untilTheEnd } from "./support.ts";

interface NodeArguments {
  readonly mode: string;
  readonly port: string;
  readonly host: string | undefined;
  readonly chainId: string | undefined;
  readonly data: string | undefined;
  readonly feeder: string | undefined;
  readonly ethUrl: string | undefined;
  readonly core: string | undefined;
  readonly confirmations: string;
  readonly acceptWritten: boolean;
  readonly acceptUnproven: boolean;
}

const MODES: Readonly<Record<NodeMode, string>> = {
  replay: "executes every transaction again",
  l2: "applies the sequencer's state diffs",
  l1: "takes its states from L1 alone",
};

/** How often a sequencer, and an L1, is asked for news. */
const POLL_MS = 300;
const L1_POLL_MS = 1_000;

/** Follows a chain until it is told to end, and serves what it knows of it. */
const action: NewTaskActionFunction<NodeArguments> = async (args, hre) => {
  const settings = settingsOf(args, await configuredOptions(hre.config.starknet));
  const abort = new AbortController();
  const end = untilTheEnd();
  void end.then(() => abort.abort(new Error("interrupted")));
  const { stdout } = process;
  const log = nodeLog({ isTTY: stdout.isTTY, write: (text) => stdout.write(text) });
  console.log(`${styleText("bold", `Node of mode ${settings.mode}`)}: ${MODES[settings.mode]}`);
  let node: RunningNode;
  try {
    node = await start(settings, log, abort.signal);
  } catch (error) {
    if (abort.signal.aborted) process.exit(await end);
    throw error instanceof Error ? failed(error.message, error) : error;
  }
  console.log(
    `follows ${node.status().source}\nserves  ${node.url}\nCtrl-C ends it${settings.data === undefined ? "; its state goes with it (--data keeps it)" : ""}.\n`,
  );
  const code = await end;
  await node.close();
  process.exit(code);
};

interface Settings extends Pick<DevnetOptions, "host" | "port" | "chainId" | "timeout" | "data"> {
  readonly mode: NodeMode;
  readonly feeder: FeederClient | undefined;
  readonly ethUrl: string | undefined;
  readonly core: string | undefined;
  readonly confirmations: number;
  readonly acceptWritten: boolean;
  readonly acceptUnproven: boolean;
}

/** The command line, with what the config section says of the chain. */
function settingsOf(args: NodeArguments, section: Readonly<Record<string, unknown>>): Settings {
  const { mode } = args;
  if (!Object.hasOwn(MODES, mode))
    throw failed(`--mode: expected ${Object.keys(MODES).join(", ")}, got "${mode}"`);
  const { chainId, timeout, ethUrl, core, port: sequencerPort = 5050 } = section;
  const { host, port, data } = args;
  const given = { host, port, data, chainId: args.chainId, ethUrl: args.ethUrl, core: args.core };
  const { options, problems } = readOptions(
    { chainId, timeout, ethUrl, core },
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (problems.length > 0) throw badOptions(problems);
  const feeder = args.feeder ?? `http://127.0.0.1:${String(sequencerPort)}`;
  const confirmations = Number(args.confirmations);
  if (!/^\d{1,6}$/.test(args.confirmations))
    throw failed(`--confirmations: expected a number of blocks, got "${args.confirmations}"`);
  return {
    ...options,
    mode: mode as NodeMode,
    // A node of mode l1 asks nobody but L1, unless it is told to.
    feeder: mode === "l1" && args.feeder === undefined ? undefined : feederOf(feeder),
    confirmations,
    acceptWritten: args.acceptWritten,
    acceptUnproven: args.acceptUnproven,
  };
}

function feederOf(url: string): FeederClient {
  try {
    return new FeederClient(url);
  } catch (error) {
    throw failed(`--feeder: ${(error as Error).message}`);
  }
}

function start(
  settings: Settings,
  onEvent: (event: NodeEvent) => void,
  signal: AbortSignal,
): Promise<RunningNode> {
  const { mode, feeder, ethUrl, core } = settings;
  if (mode !== "l1")
    return startFollowingNode({ ...settings, mode, pollMs: POLL_MS }, feeder!, onEvent, signal);
  if (ethUrl === undefined) throw failed("--eth-url: where is L1's JSON-RPC?");
  if (core === undefined)
    throw failed("--core: which is the core contract? starknet:devnet prints its address");
  return startL1Node(
    {
      ...settings,
      core,
      feeder,
      feeToken: STRK_TOKEN,
      transport: httpTransport(ethUrl),
      l1Url: ethUrl,
      pollMs: L1_POLL_MS,
    },
    onEvent,
    signal,
  );
}

export default action;
