/**
 * Sierra to CASM, by StarkWare's own compiler in WebAssembly, in a thread that can be ended: a class that
 * makes the compiler hang or eat memory costs that thread and nothing else.
 */
import type { Worker } from "node:worker_threads";
import { spawnWorker } from "../../../util/worker.ts";
import { parseCasmClass, type CasmClass } from "../casm.ts";
import { ClassError } from "../errors.ts";
import type { SierraClass } from "../sierra.ts";
import type { CompileRequest } from "./compiler.worker.ts";
import type { CompilerAnswer } from "./kernel.ts";

export interface CompilerOptions {
  /** ms for one class, waiting not counted */
  readonly timeLimit?: number;
  /** felts of bytecode, at most */
  readonly maxBytecodeSize?: number;
}

const TIME_LIMIT = 30_000;
/** Far above what a class may have on chain, so that the caller's own limit decides. */
const MAX_BYTECODE_SIZE = 1 << 20;
/** MiB of JavaScript heap; the compiler's own memory is limited in its WebAssembly. */
const MAX_HEAP = 1024;

export class SierraCompiler {
  readonly #timeLimit: number;
  readonly #maxBytecodeSize: number;
  #worker: Worker | undefined;
  /** Ends the class under way, with an answer. */
  #settle: ((answer: CompilerAnswer) => void) | undefined;
  /** Classes are compiled one at a time; this is when the last one is done. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({
    timeLimit = TIME_LIMIT,
    maxBytecodeSize = MAX_BYTECODE_SIZE,
  }: CompilerOptions = {}) {
    this.#timeLimit = timeLimit;
    this.#maxBytecodeSize = maxBytecodeSize;
  }

  /** Throws ClassError, COMPILATION_FAILED, with the compiler's message. */
  async compile(sierra: SierraClass): Promise<CasmClass> {
    const turn = this.#last.then(() => this.#ask(sierra));
    this.#last = turn.catch(() => undefined);
    const answer = await turn;
    if ("reason" in answer) throw new ClassError("COMPILATION_FAILED", answer.reason);
    return parseCasmClass(JSON.parse(answer.casm));
  }

  /** Ends the thread and gives up the class under way; the next class starts a new thread. */
  async close(): Promise<void> {
    await this.#abandon("the compiler was closed");
  }

  #ask(sierra: SierraClass): Promise<CompilerAnswer> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => void this.#abandon(`the compiler took more than ${this.#timeLimit} ms`),
        this.#timeLimit,
      );
      this.#settle = (answer) => {
        clearTimeout(timer);
        worker.unref();
        this.#settle = undefined;
        resolve(answer);
      };
      worker.ref();
      const request: CompileRequest = { sierra, maxBytecodeSize: this.#maxBytecodeSize };
      worker.postMessage(request);
    });
  }

  async #abandon(reason: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle?.({ reason });
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = spawnWorker("./compiler.worker", import.meta.url, {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
    });
    worker.on("message", (answer: CompilerAnswer) => {
      if (worker === this.#worker) this.#settle?.(answer);
    });
    // An abandoned thread may still fail; that concerns nobody any more.
    worker.on("error", (error) => {
      if (worker === this.#worker) void this.#abandon(`the compiler broke down: ${error.message}`);
    });
    return worker;
  }
}
