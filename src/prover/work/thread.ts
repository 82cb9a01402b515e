/** A worker thread of the prover (pool.ts): answers each task with its result. */
import { parentPort } from "node:worker_threads";
import { Executor } from "./executor.ts";
import type { Task } from "./tasks.ts";

const executor = new Executor();
parentPort!.on("message", (task: Task) => {
  try {
    parentPort!.postMessage({ result: executor.run(task) });
  } catch (error) {
    parentPort!.postMessage({ error });
  }
});
