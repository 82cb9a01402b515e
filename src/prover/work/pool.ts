/** Worker threads that share tasks; with none, tasks run where they are asked for. */
import type { Worker } from "node:worker_threads";
import { spawnWorker } from "../../util/worker.ts";
import { Executor } from "./executor.ts";
import type { Task, TaskResult } from "./tasks.ts";

interface Answer {
  readonly result?: TaskResult;
  readonly error?: Error;
}

export interface PoolOptions {
  /** 0: in this thread. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

export class Pool {
  readonly #workers: readonly Worker[];
  readonly #local: Executor | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor({ threads, signal }: PoolOptions) {
    this.#signal = signal;
    this.#local = threads === 0 ? new Executor() : undefined;
    this.#workers = Array.from({ length: threads }, () => spawnWorker("thread", import.meta.url));
  }

  /**
   * Runs all tasks, in any order, and gives their results in the order of the tasks. Throws the signal's
   * reason once it is aborted, and whatever a task throws.
   */
  async run(tasks: readonly Task[], onDone?: (done: number) => void): Promise<TaskResult[]> {
    const results = new Array<TaskResult>(tasks.length);
    let next = 0;
    let done = 0;
    const take = async (
      perform: (task: Task) => TaskResult | Promise<TaskResult>,
    ): Promise<void> => {
      while (next < tasks.length) {
        this.#signal?.throwIfAborted();
        const index = next++;
        results[index] = await perform(tasks[index]!);
        onDone?.(++done);
      }
    };
    const local = this.#local;
    if (local !== undefined) {
      // Lets others run, and the signal arrive, between tasks.
      await take(async (task) => {
        await new Promise((resolve) => setImmediate(resolve));
        return local.run(task);
      });
    } else {
      await Promise.all(this.#workers.map((worker) => take((task) => ask(worker, task))));
    }
    this.#signal?.throwIfAborted();
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, task: Task): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
    };
    const onMessage = ({ result, error }: Answer): void => {
      settle();
      if (error === undefined) resolve(result);
      else reject(error);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const onExit = (): void => {
      settle();
      reject(new Error("a thread of the prover ended"));
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage(task);
  });
}
