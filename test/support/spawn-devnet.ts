/** Runs `npx hardhat starknet:devnet` in a process of its own, as a user does. */
import type { ChildProcess } from "node:child_process";
import { spawnHardhat } from "./spawn-hardhat.ts";

const START_MS = 90_000;

export interface SpawnedDevnet {
  readonly pid: number;
  readonly l1Url: string;
  readonly l2Url: string;
  readonly webSocketUrl: string;
  readonly accounts: readonly { readonly address: string; readonly privateKey: string }[];
  /** Everything printed so far. */
  output(): string;
  /** Interrupts it (Ctrl-C), or sends another signal, and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends it without a chance to tidy up. */
  kill(): Promise<void>;
}

/** Starts a devnet on free ports with `args`; rejects, with its output, when it ends before it is up. */
export async function spawnDevnet(
  args: readonly string[] = [],
  cwd?: string,
): Promise<SpawnedDevnet> {
  const { child, output } = spawnTask(args, cwd);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((up, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no banner after ${START_MS} ms:\n${output()}`)),
      START_MS,
    );
    child.stdout!.on("data", () => {
      if (!output().includes("Ctrl-C")) return;
      clearTimeout(timer);
      up();
    });
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`ended with exit code ${code}:\n${output()}`));
    });
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null) child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid!,
    ...readBanner(output()),
    output,
    stop: (signal = "SIGINT") => end(signal),
    kill: async () => void (await end("SIGKILL")),
  };
}

/** Runs the task to its end, which is expected to be an early one; exit code and output. */
export async function failingDevnet(
  args: readonly string[],
  cwd?: string,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = spawnTask(args, cwd);
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(timer);
  return { code, output: output() };
}

function spawnTask(
  args: readonly string[],
  cwd?: string,
): { child: ChildProcess; output: () => string } {
  const child = spawnHardhat(["starknet:devnet", ...onFreePorts(args)], cwd);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

/** Free ports, and no proofs, where `args` does not ask for others. */
const onFreePorts = (args: readonly string[]): string[] => [
  ...[
    ["--port", "0"],
    ["--eth-port", "0"],
    ["--settlement", "none"],
  ].flatMap(([option, value]) => (args.includes(option!) ? [] : [option!, value!])),
  ...args,
];

function readBanner(
  text: string,
): Pick<SpawnedDevnet, "l1Url" | "l2Url" | "webSocketUrl" | "accounts"> {
  const find = (pattern: RegExp): string => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`the banner lacks ${pattern}:\n${text}`);
    return found;
  };
  const addresses = [...text.matchAll(/address {2}(0x[0-9a-f]+)/g)].map(([, value]) => value!);
  const keys = [...text.matchAll(/private {2}(0x[0-9a-f]+)/g)].map(([, value]) => value!);
  return {
    l1Url: find(/^L1 +JSON-RPC +(\S+)/m),
    l2Url: find(/^L2 +JSON-RPC +(\S+)/m),
    webSocketUrl: find(/WebSocket +(\S+)/),
    accounts: addresses.map((address, i) => ({ address, privateKey: keys[i]! })),
  };
}

/** The result of a method without parameters. */
export const rpc = async (url: string, method: string): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
  });
  return ((await response.json()) as { result: unknown }).result;
};
