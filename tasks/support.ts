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

/** Resolves to the exit code: 0 at the first interrupt, 1 when nobody reads the output any more, which is said. */
export async function untilTheEnd(): Promise<number> {
  const code = await new Promise<number>((end) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => end(0));
    // `npx hardhat starknet:devnet | head`: without a listener, the next line would be an uncaught exception.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => end(1));
  });
  if (code !== 0) console.error("the output is closed, so that nobody would see what goes on");
  return code;
}
