/** `starknet:prover` as a process of its own. */
import { spawnHardhat } from "./spawn-hardhat.ts";

export interface SpawnedProver {
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  send(signal: NodeJS.Signals): void;
  /** Exit code; null after a signal that it could not handle. */
  readonly exited: Promise<number | null>;
}

/** Rejects, with its output, when it ends before its banner. */
export async function spawnProver(args: readonly string[]): Promise<SpawnedProver> {
  const child = spawnHardhat(["starknet:prover", ...args]);
  let text = "";
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((up, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream!.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("Ctrl-C")) up();
      });
    void exited.then((code) => reject(new Error(`ended with exit code ${code}:\n${text}`)));
  });
  return { pid: child.pid!, output: () => text, send: (signal) => void child.kill(signal), exited };
}
