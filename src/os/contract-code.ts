/** Contracts' code while the OS runs it: its hints, and the answers of its syscalls. */
import type { HintContext, MemoryView } from "../cairo/hints/context.ts";
import { hintError } from "../cairo/hints/errors.ts";
import { type Relocatable, shift } from "../cairo/relocatable.ts";
import { shortString } from "../field/short-string.ts";
import type { SyscallName } from "../starknet/constants.ts";
import type { SyscallAnswer } from "../starknet/execution/record.ts";
import type { OsSession, RunningCall } from "./hints/session.ts";

/** Words of requests, selector and gas included. */
const REQUEST_SIZES: Partial<Record<SyscallName, number>> = {
  StorageRead: 4,
  StorageWrite: 5,
  EmitEvent: 6,
  GetExecutionInfo: 2,
  CallContract: 6,
  LibraryCall: 6,
  Deploy: 7,
  SendMessageToL1: 5,
  GetBlockHash: 3,
  GetClassHashAt: 3,
  Keccak: 4,
  ReplaceClass: 3,
};

/** A hint context with the state and the syscalls of a contract's call. */
class ContractContext implements HintContext {
  readonly #machine: HintContext;
  readonly #running: RunningCall;

  constructor(machine: HintContext, running: RunningCall) {
    this.#machine = machine;
    this.#running = running;
  }

  get memory(): MemoryView {
    return this.#machine.memory;
  }

  get pc(): Relocatable {
    return this.#machine.pc;
  }

  get ap(): Relocatable {
    return this.#machine.ap;
  }

  get fp(): Relocatable {
    return this.#machine.fp;
  }

  get state(): HintContext["state"] {
    return this.#running.state;
  }

  readonly syscall = (context: HintContext, systemPtr: Relocatable): void => {
    answerSyscall(context.memory, systemPtr, this.#running);
  };
}

function answerSyscall(memory: MemoryView, at: Relocatable, running: RunningCall): void {
  const answer = running.answers.take();
  const size = REQUEST_SIZES[answer.syscall];
  if (size === undefined || memory.felt(at) !== shortString(answer.syscall)) {
    throw hintError(`a contract makes another syscall than ${answer.syscall}`);
  }
  const { gas, failed, words } = answer;
  const response = shift(at, size);
  const info = answer.syscall === "GetExecutionInfo" && !failed ? [running.call] : [];
  memory.write(response, [
    gas,
    failed ? 1n : 0n,
    ...words,
    ...info,
    ...answerArray(memory, answer),
  ]);
}

/** Start and end of the array in an answer; that of a call will turn out to be the callee's. */
function answerArray(memory: MemoryView, { array, made }: SyscallAnswer): readonly Relocatable[] {
  if (array === undefined) return [];
  const start = made === "call" ? memory.addTemporarySegment() : memory.addSegment();
  return [start, memory.write(start, array)];
}

/** Runs the hints of the instruction that a contract's code is at. */
export function contractHints(session: OsSession): (machine: HintContext) => void {
  return (machine) => {
    const { running } = session;
    if (running === undefined) return;
    const hints = running.osClass.hints.get(machine.pc.offset);
    if (hints === undefined) return;
    const context = new ContractContext(machine, running);
    for (const hint of hints) hint.execute(context);
  };
}
