/** Executes the SystemCall hint of a run (blockifier `syscalls/vm_syscall_utils.rs`). */
import type { HintContext } from "../../../cairo/hints/context.ts";
import { showValue } from "../../../cairo/relocatable.ts";
import type { Relocatable } from "../../../cairo/relocatable.ts";
import type { Felt } from "../../../field/felt.ts";
import { SYSCALL_BASE_GAS } from "../../constants.ts";
import { syscallGas } from "../../fee/vm-resources.ts";
import type { EntryPointCall } from "../call-info.ts";
import type { ExecutionContext } from "../context.ts";
import { failure } from "../failure.ts";
import { recordAnswer } from "../record.ts";
import { SyscallFrame } from "./frame.ts";
import { newArray, panic, RequestReader } from "./syscall.ts";
import type { CallExecutor, Panic, Syscall, SyscallScope } from "./syscall.ts";
import { syscallTable } from "./table.ts";

const isPanic = (answer: readonly unknown[] | Panic): answer is Panic => "panic" in answer;

/** The VM's hint contexts know how many steps their run has taken. */
interface StepCounter {
  readonly steps?: number;
}

/** The syscalls of one run of an entry point. */
export class SyscallHandler {
  readonly #context: ExecutionContext;
  readonly #call: EntryPointCall & { readonly classHash: Felt };
  readonly #executor: CallExecutor;
  readonly frame = new SyscallFrame();
  #nextPtr: Relocatable | undefined;
  #stepsTaken = 0;

  constructor(
    context: ExecutionContext,
    call: EntryPointCall & { readonly classHash: Felt },
    executor: CallExecutor,
  ) {
    this.#context = context;
    this.#call = call;
    this.#executor = executor;
  }

  /** Reads the request at `systemPtr`, executes it and writes the response behind it. */
  execute(hint: HintContext, systemPtr: Relocatable): void {
    const { memory } = hint;
    this.takeSteps((hint as StepCounter).steps ?? this.#stepsTaken);
    this.#checkPointer(systemPtr);
    const request = new RequestReader(this.#context, memory, systemPtr);
    const selector = request.felt();
    const definition = syscallTable().get(selector);
    if (definition === undefined) {
      throw failure(`Invalid syscall selector: 0x${selector.toString(16)}.`);
    }
    const available = request.u64("Unexpected gas.");
    const gas = { remaining: available };
    const scope: SyscallScope = {
      context: this.#context,
      call: this.#call,
      memory,
      frame: this.frame,
      gas,
      executor: this.#executor,
    };
    const calls = this.frame.calls.length;
    const answer = this.#run(definition, request, scope);
    const failed = isPanic(answer);
    const words = failed ? newArray(scope, answer.panic) : answer;
    this.#nextPtr = memory.write(request.position, [gas.remaining, failed ? 1n : 0n, ...words]);
    if (this.#context.env.records) {
      const made = this.frame.calls.length > calls ? "call" : undefined;
      this.frame.answers.push(
        recordAnswer(definition.name, memory, gas.remaining, failed, words, made),
      );
    }
  }

  /**
   * Takes steps that the run has made, `total` since its start, from those of the phase: before each
   * syscall, so that inner calls have what is left, and at the end. Only calls by steps have a limit.
   */
  takeSteps(total: number): void {
    if (this.#context.trackedResource !== "CAIRO_STEPS") return;
    this.#context.remainingSteps -= total - this.#stepsTaken;
    this.#stepsTaken = total;
  }

  /** Checks the system pointer that the run ended with. Throws ExecutionFailure. */
  checkEnd(systemPtr: Relocatable): void {
    this.#checkPointer(systemPtr);
  }

  #checkPointer(systemPtr: Relocatable): void {
    const expected = this.#nextPtr;
    if (
      expected !== undefined &&
      (expected.segment !== systemPtr.segment || expected.offset !== systemPtr.offset)
    ) {
      throw failure(
        `Bad syscall_ptr; expected: ${showValue(expected)}, got: ${showValue(systemPtr)}.`,
      );
    }
  }

  #run(
    definition: Syscall,
    reader: RequestReader,
    scope: SyscallScope,
  ): ReturnType<Syscall["execute"]> {
    const { name } = definition;
    const request = definition.read(reader);
    const units = definition.units?.(request) ?? 0;
    // Keccak counts its rounds itself.
    if (name !== "Keccak") this.frame.countUse(name, 1, units);
    // Compiled classes pay the base gas before they make a syscall.
    const required = syscallGas(name, units) - SYSCALL_BASE_GAS;
    if (scope.gas.remaining < required) return panic("outOfGas");
    scope.gas.remaining -= required;
    this.#context.noteGas(this.#context.trackedResource, scope.gas.remaining);
    return definition.execute(scope, request);
  }
}
