/** What the tasks share: their errors, and how those end that run until they are told to. */
import { HardhatPluginError } from "hardhat/plugins";
import type { OptionProblem } from "../src/devnet/options.ts";

/** An error that Hardhat prints as this plugin's, without a stack. */
export const failed = (message: string, cause?: Error): HardhatPluginError =>
  new HardhatPluginError("hardhat-starknet", message, cause);

/** `ethPort` as the command line takes it: `--eth-port`. */
const asFlag = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Options of the command line that cannot be read, a line each. */
export const badOptions = (problems: readonly OptionProblem[]): HardhatPluginError =>
  failed(problems.map(({ name, message }) => `${asFlag(name)}: ${message}`).join("\n"));

/** Resolves at the first interrupt. */
export const interrupt = (): Promise<void> =>
  new Promise((end) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => end());
  });
