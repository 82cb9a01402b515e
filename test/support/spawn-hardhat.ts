import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `npx hardhat` in a process of its own, by Hardhat's own entry: signals reach the process that has the ports. */
export function spawnHardhat(args: readonly string[], cwd = ROOT): ChildProcess {
  const hardhat = join(cwd, "node_modules/hardhat/dist/src/cli.js");
  return spawn(process.execPath, [hardhat, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
}
