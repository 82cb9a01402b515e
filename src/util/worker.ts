/** Worker threads that start from TypeScript in the repository and from JavaScript in the package. */
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts the module `name` that lies beside the caller, without its extension, in a worker.
 *
 * @param caller the caller's `import.meta.url`; its extension is the one that the module has here
 */
export function spawnWorker(name: string, caller: string, options?: WorkerOptions): Worker {
  const extension = caller.endsWith(".ts") ? ".ts" : ".js";
  return new Worker(new URL(`${name}${extension}`, caller), options);
}
