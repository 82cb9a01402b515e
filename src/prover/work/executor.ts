/** A thread's kernel with what it keeps from task to task. */
import { type Felt, inv } from "../../field/felt.ts";
import { ProverKernel } from "../kernel.ts";
import { fold, grind, hashCosets, hashRows, hashTree } from "./commit-tasks.ts";
import { split, sums } from "./polynomial-tasks.ts";
import { inverses, prepareProgram, type PreparedProgram, runTape } from "./tape-tasks.ts";
import type { Task, TaskOf, TaskResult } from "./tasks.ts";
import { evaluate, fillScales, interpolate, oneOver, twiddles } from "./transform.ts";

export class Executor {
  readonly kernel: ProverKernel;
  readonly #base: number;
  #twiddles = { log: -1, address: 0 };
  #scales = { key: "", address: 0 };
  /** Where programs are kept, above twiddles and scales. */
  #programs = 0;
  #program: PreparedProgram | undefined;

  constructor(kernel = new ProverKernel()) {
    this.kernel = kernel;
    this.#base = kernel.mark;
    this.#programs = kernel.mark;
  }

  run(task: Task): TaskResult {
    if (task.type === "interpolate" || task.type === "evaluate") this.#prepareTransform(task);
    if (task.type === "tape") this.#prepareProgram(task);
    return this.kernel.scoped(() => this.#run(task));
  }

  #run(task: Task): TaskResult {
    const { kernel } = this;
    switch (task.type) {
      case "interpolate":
        interpolate(kernel, task, this.#twiddles.address, this.#scales.address);
        return undefined;
      case "evaluate":
        evaluate(kernel, task, this.#twiddles.address, this.#scales.address);
        return undefined;
      case "hashRows":
        hashRows(kernel, task);
        return undefined;
      case "hashCosets":
        hashCosets(kernel, task);
        return undefined;
      case "hashTree":
        hashTree(kernel, task);
        return undefined;
      case "tape":
        runTape(kernel, task, this.#program!);
        return undefined;
      case "inverses":
        inverses(kernel, task);
        return undefined;
      case "sums":
        return sums(kernel, task);
      case "split":
        split(kernel, task);
        return undefined;
      case "fold":
        fold(kernel, task);
        return undefined;
      case "grind":
        return grind(kernel, task);
    }
  }

  #prepareTransform({ type, log, shift }: TaskOf<"interpolate"> | TaskOf<"evaluate">): void {
    const { kernel } = this;
    if (this.#twiddles.log < log) {
      kernel.release(this.#base);
      this.#program = undefined;
      this.#twiddles = { log, address: twiddles(kernel, log) };
      this.#scales = { key: "", address: kernel.reservePairs(2 ** (log - 1)) };
      this.#programs = kernel.mark;
    }
    const key = `${type} ${log} ${shift}`;
    if (this.#scales.key === key) return;
    const [base, factor]: [Felt, Felt] =
      type === "interpolate" ? [inv(shift), oneOver(log)] : [shift, 1n];
    fillScales(kernel, this.#scales.address, log, base, factor);
    this.#scales.key = key;
  }

  #prepareProgram({ program, log, shift }: TaskOf<"tape">): void {
    const key = `${program.id} ${log} ${shift}`;
    if (this.#program?.key === key) return;
    this.kernel.release(this.#programs);
    this.#program = prepareProgram(this.kernel, program, { rows: 2 ** log, shift }, key);
  }
}
