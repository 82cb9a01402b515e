/** A task in a process of its own that is killed and started again, always with the same arguments. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { spawnHardhat } from "./spawn-hardhat.ts";

const START_MS = 120_000;

export class Part {
  readonly name: string;
  readonly #args: readonly string[];
  readonly #ready: RegExp;
  #child: ChildProcess | undefined;
  /** What its present process has printed. */
  #output = "";
  #starts = 0;

  /** @param ready what it prints when it is up */
  constructor(name: string, args: readonly string[], ready: RegExp) {
    this.name = name;
    this.#args = args;
    this.#ready = ready;
  }

  get output(): string {
    return this.#output;
  }

  get starts(): number {
    return this.#starts;
  }

  /** Rejects, with its output, where it ends before it is up. */
  async start(): Promise<this> {
    this.#output = "";
    this.#starts++;
    const child = spawnHardhat(this.#args);
    this.#child = child;
    await new Promise<void>((up, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`${this.name}: ${why}:\n${this.#output}`));
      const timer = setTimeout(() => fail(`not up after ${START_MS} ms`), START_MS);
      for (const stream of [child.stdout, child.stderr])
        stream!.on("data", (chunk: Buffer) => {
          this.#output += chunk.toString();
          if (!this.#ready.test(this.#output)) return;
          clearTimeout(timer);
          up();
        });
      child.once("exit", (code) => {
        clearTimeout(timer);
        fail(`ended with exit code ${code}`);
      });
    });
    return this;
  }

  /** Lets it hang: it keeps its connections and answers nobody, until `resume`. */
  suspend(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends it without a chance to tidy up, or with one. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const exited = once(child, "exit") as Promise<[number | null]>;
    child.kill(signal);
    return (await exited)[0];
  }
}
