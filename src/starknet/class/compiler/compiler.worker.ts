/** A thread that compiles classes one after the other. */
import { parentPort } from "node:worker_threads";
import { ClassError } from "../errors.ts";
import type { SierraClass } from "../sierra.ts";
import { CompilerKernel, type CompilerAnswer } from "./kernel.ts";

export interface CompileRequest {
  readonly sierra: SierraClass;
  readonly maxBytecodeSize: number;
}

const kernel = new CompilerKernel();

function answer({ sierra, maxBytecodeSize }: CompileRequest): CompilerAnswer {
  try {
    return kernel.compile(sierra, maxBytecodeSize);
  } catch (error) {
    if (error instanceof ClassError) return { reason: error.message };
    throw error;
  }
}

parentPort!.on("message", (request: CompileRequest) => parentPort!.postMessage(answer(request)));
