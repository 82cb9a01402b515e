import { setTimeout } from "node:timers/promises";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { banner } from "../src/devnet/banner.ts";
import { startDevnet, type Devnet } from "../src/devnet/devnet.ts";
import { consoleLog, silentLog } from "../src/devnet/log.ts";
import { readOptions, type DevnetOptions } from "../src/devnet/options.ts";
import { warmUp } from "../src/devnet/warm-up.ts";
import { configuredOptions } from "../src/plugin/config.ts";
import { remoteAccess, startL1, type L1 } from "../src/plugin/l1.ts";
import { badOptions, failed, untilTheEnd } from "./support.ts";

/** At the end, what is still open may take this long; then the process ends anyway. */
const CLOSE_MS = 2_000;

/** Runs L1 and L2 until an interrupt; both end with it. */
const action: NewTaskActionFunction<Record<string, unknown>> = async (args, hre) => {
  const options = resolve(await configuredOptions(hre.config.starknet), args);
  const end = untilTheEnd();
  let l1: L1 | undefined;
  let devnet: Devnet;
  try {
    const { host, ethPort, ethUrl } = options;
    l1 = ethUrl === undefined ? await startL1(hre, host, ethPort) : undefined;
    const access = l1?.access ?? remoteAccess(ethUrl!);
    devnet = await startDevnet(options, options.quiet ? silentLog : consoleLog(), access);
  } catch (error) {
    await l1?.close();
    throw asPluginError(error);
  }
  console.log(banner(devnet, l1?.accounts));
  const warming = new AbortController();
  // A client's transaction comes first, and warms up just as well.
  devnet.core.sequencer.chain.subscribe(() => warming.abort());
  warmUp(warming.signal).catch((error: unknown) =>
    console.error(`the warm-up failed: ${String(error)}`),
  );
  const code = await end;
  warming.abort();
  console.log("\nending L1 and L2");
  const closed = await Promise.race([
    close(devnet, l1),
    setTimeout(CLOSE_MS, undefined, { ref: false }),
  ]);
  const problems = closed?.flatMap((one) =>
    one.status === "rejected" ? [String(one.reason)] : [],
  );
  for (const problem of problems ?? [`not closed after ${CLOSE_MS} ms`]) console.error(problem);
  process.exit(problems?.length === 0 ? code : 1);
};

/** L2 first: it may be settling. */
async function close(devnet: Devnet, l1: L1 | undefined): Promise<PromiseSettledResult<void>[]> {
  const closedL2 = await Promise.allSettled([devnet.close()]);
  return [...closedL2, ...(await Promise.allSettled([l1?.close()]))];
}

const asPluginError = (error: unknown): unknown =>
  error instanceof Error ? failed(error.message, error) : error;

/** The config section with the command line laid over it. */
function resolve(section: object, args: Record<string, unknown>): DevnetOptions {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== false);
  const { options, problems } = readOptions({ ...section }, Object.fromEntries(given));
  if (problems.length > 0) throw badOptions(problems);
  return options;
}

export default action;
