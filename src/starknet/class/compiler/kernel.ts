/** The Sierra compiler in WebAssembly. */
import { readFileSync } from "node:fs";
import type { SierraClass } from "../sierra.ts";
import { sierraClassJson } from "../sierra.ts";
import { narrowFallThrough } from "./fall-through.ts";

/** What the compiler answered: the CASM class as JSON text, or why there is none. */
export type CompilerAnswer = { readonly casm: string } | { readonly reason: string };

interface Exports {
  readonly memory: WebAssembly.Memory;
  allocate(length: number): number;
  compile(input: number, length: number, maxBytecodeSize: number): number;
  answer_pointer(): number;
  answer_length(): number;
}

/** Linear memory never shrinks: an instance that took more than this many bytes is given up. */
const KEPT_MEMORY = 64 << 20;

/** Compiles classes one after the other; an instance that trapped or grew large is replaced by a new one. */
export class CompilerKernel {
  readonly #module: WebAssembly.Module;
  readonly #imports: Record<string, Record<string, () => number>> = {};
  #instance: Exports | undefined;

  constructor() {
    this.#module = new WebAssembly.Module(
      readFileSync(new URL("./sierra-to-casm.wasm", import.meta.url)),
    );
    // The crates import a clock, for profiles that nobody asks for here.
    for (const { module, name } of WebAssembly.Module.imports(this.#module)) {
      (this.#imports[module] ??= {})[name] = () => 0;
    }
  }

  /** Throws ClassError for a program that cannot be decompressed. */
  compile(sierra: SierraClass, maxBytecodeSize: number): CompilerAnswer {
    const classJson = compilerInput(sierra);
    const instance = (this.#instance ??= this.#instantiate());
    try {
      const input = instance.allocate(classJson.length);
      new Uint8Array(instance.memory.buffer, input, classJson.length).set(classJson);
      const failed = instance.compile(input, classJson.length, maxBytecodeSize) !== 0;
      const text = readAnswer(instance);
      if (instance.memory.buffer.byteLength > KEPT_MEMORY) this.#instance = undefined;
      return failed ? { reason: text } : { casm: text };
    } catch (trap) {
      this.#instance = undefined;
      return { reason: readAnswer(instance) || `the compiler broke down: ${String(trap)}` };
    }
  }

  #instantiate(): Exports {
    return new WebAssembly.Instance(this.#module, this.#imports).exports as unknown as Exports;
  }
}

function readAnswer({ memory, answer_pointer, answer_length }: Exports): string {
  return Buffer.from(memory.buffer, answer_pointer(), answer_length()).toString("utf8");
}

/** What the compiler reads: the class without ABI and debug info, which do not change its output. */
function compilerInput(sierra: SierraClass): Uint8Array {
  const sierraProgram = narrowFallThrough(sierra.sierraProgram);
  const json = sierraClassJson({ ...sierra, sierraProgram });
  return Buffer.from(JSON.stringify({ ...json, abi: undefined }));
}
