/** A Redis of a test's own, on a free port and in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";
import { freePort } from "./free-port.ts";

const NAMES = ["redis-server", "valkey-server"];
const START_MS = 10_000;

const command = NAMES.find((name) => {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

/** Skips the running test or suite, with a message, unless there is a Redis to start. */
export function requireRedis(context: Context): void {
  if (command !== undefined) return;
  console.log(`      skipped: neither ${NAMES.join(" nor ")} is in the PATH`);
  context.skip();
}

export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "redis-"));
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** With what it has on disk. */
  async start(): Promise<void> {
    const options = {
      port: String(this.port),
      bind: "127.0.0.1",
      dir: this.#folder,
      save: "",
      appendonly: "yes",
      appendfsync: "always",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(command!, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#child = child;
    await new Promise<void>((up, reject) => {
      let text = "";
      const timer = setTimeout(() => reject(new Error(`no Redis:\n${text}`)), START_MS);
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (!/ready to accept connections/i.test(text)) return;
        clearTimeout(timer);
        up();
      });
      child.once("exit", () => reject(new Error(`Redis ended:\n${text}`)));
    });
  }

  /** Ends it as a crash would; `forget` loses what is on disk. */
  async kill({ forget = false } = {}): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    if (forget) rmSync(join(this.#folder, "appendonlydir"), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
