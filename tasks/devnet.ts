import { HardhatPluginError } from "hardhat/plugins";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { banner } from "../src/devnet/banner.ts";
import { startDevnet } from "../src/devnet/devnet.ts";
import { consoleLog, silentLog } from "../src/devnet/log.ts";
import { readOptions, type DevnetOptions } from "../src/devnet/options.ts";
import { startL1, type L1 } from "../src/plugin/l1.ts";

/** After an interrupt, what is still open may take this long; then the process ends anyway. */
const CLOSE_MS = 2_000;

/** Runs L1 and L2 until an interrupt; both end with it. */
const action: NewTaskActionFunction<Record<string, unknown>> = async (args, hre) => {
  const options = resolve(hre.config.starknet, args);
  const interrupted = new Promise<void>((end) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  });
  let l1: L1 | undefined;
  try {
    l1 = await startL1(hre, options.host, options.ethPort);
    const devnet = await startDevnet(options, options.quiet ? silentLog : consoleLog());
    console.log(banner(devnet, l1));
    await interrupted;
    console.log("\nending L1 and L2");
    await Promise.race([
      Promise.all([devnet.close(), l1.close()]),
      new Promise((late) => setTimeout(late, CLOSE_MS).unref()),
    ]);
    process.exit(0);
  } catch (error) {
    await l1?.close();
    throw error instanceof Error
      ? new HardhatPluginError("hardhat-starknet", error.message, error)
      : error;
  }
};

/** The config section with the command line laid over it. */
function resolve(section: object, args: Record<string, unknown>): DevnetOptions {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== false);
  const { options, problems } = readOptions({ ...section }, Object.fromEntries(given));
  if (problems.length > 0) {
    const lines = problems.map(({ name, message }) => `${asFlag(name)}: ${message}`);
    throw new HardhatPluginError("hardhat-starknet", lines.join("\n"));
  }
  return options;
}

/** `ethPort` as the command line takes it: `--eth-port`. */
const asFlag = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export default action;
