/** What a syscall is made of. Requests and responses are words at the system pointer, after selector and gas. */
import type { MemoryView } from "../../../cairo/hints/context.ts";
import { isRelocatable, shift, showValue } from "../../../cairo/relocatable.ts";
import type { MemoryValue, Relocatable } from "../../../cairo/relocatable.ts";
import type { Felt } from "../../../field/felt.ts";
import { shortString } from "../../../field/short-string.ts";
import type { SyscallName } from "../../constants.ts";
import { SYSTEM_ERRORS, TRIE_KEY_BOUND } from "../../constants.ts";
import type { Deployment, EntryPointCall, ExecutedCall } from "../call-info.ts";
import type { ExecutionContext } from "../context.ts";
import { failure } from "../failure.ts";
import type { ExecutionFailure } from "../failure.ts";
import type { SyscallFrame } from "./frame.ts";

/** A syscall that fails in a way that its caller sees, and can handle. */
export interface Panic {
  readonly panic: readonly Felt[];
}

export const panic = (reason: keyof typeof SYSTEM_ERRORS): Panic => ({
  panic: [shortString(SYSTEM_ERRORS[reason])],
});

/** Sierra gas that is left; a syscall that makes calls takes theirs from it. */
export interface GasCounter {
  remaining: bigint;
}

/** Makes the calls of syscalls, see `execution/entry-point.ts`. */
export interface CallExecutor {
  executeCall(context: ExecutionContext, call: EntryPointCall): ExecutedCall;
  deployContract(context: ExecutionContext, deployment: Deployment): ExecutedCall;
}

/** Where a syscall runs: the call that makes it, its phase and its memory. */
export interface SyscallScope {
  readonly context: ExecutionContext;
  readonly call: EntryPointCall & { readonly classHash: Felt };
  readonly memory: MemoryView;
  readonly frame: SyscallFrame;
  readonly gas: GasCounter;
  readonly executor: CallExecutor;
}

/** One syscall. Both functions throw ExecutionFailure where the whole transaction must fail. */
export interface Syscall<Request = unknown> {
  readonly name: SyscallName;
  read(request: RequestReader): Request;
  /** calldata felts that the price depends on */
  units?(request: Request): number;
  /** Words of the response, or a panic. */
  execute(scope: SyscallScope, request: Request): readonly MemoryValue[] | Panic;
}

/** Makes a syscall of one request type fit for the table of all. */
export const syscall = <Request>(definition: Syscall<Request>): Syscall => definition as Syscall;

export const invalidInput = (value: MemoryValue, info: string): ExecutionFailure =>
  failure(`Invalid syscall input: ${showValue(value)}; ${info}`);

const U64_BOUND = 1n << 64n;
const U128_BOUND = 1n << 128n;

const outOfRange = (range: string): ExecutionFailure => failure(`Out of range ${range}.`);

/** Reads a request word by word. */
export class RequestReader {
  readonly #context: ExecutionContext;
  readonly #memory: MemoryView;
  #next: Relocatable;

  constructor(context: ExecutionContext, memory: MemoryView, start: Relocatable) {
    this.#context = context;
    this.#memory = memory;
    this.#next = start;
  }

  /** Where the next word is. */
  get position(): Relocatable {
    return this.#next;
  }

  #advance(): Relocatable {
    const here = this.#next;
    this.#next = shift(here, 1);
    return here;
  }

  felt(): Felt {
    return this.#memory.felt(this.#advance());
  }

  pointer(): Relocatable {
    return this.#memory.pointer(this.#advance());
  }

  u64(info: string): bigint {
    const value = this.felt();
    if (value >= U64_BOUND) throw invalidInput(value, info);
    return value;
  }

  u256(): bigint {
    const [low, high] = [this.felt(), this.felt()];
    if (low >= U128_BOUND || high >= U128_BOUND) {
      throw outOfRange((low >= U128_BOUND ? low : high).toString());
    }
    return low + (high << 128n);
  }

  bool(info: string): boolean {
    const value = this.felt();
    if (value > 1n) throw invalidInput(value, info);
    return value === 1n;
  }

  /** Contract address or storage key. */
  key(): Felt {
    const value = this.felt();
    if (value >= TRIE_KEY_BOUND) throw outOfRange(`[0x0, 0x${TRIE_KEY_BOUND.toString(16)})`);
    return value;
  }

  /** Address on L1. */
  ethAddress(): Felt {
    const value = this.felt();
    if (value >= 1n << 160n) throw outOfRange(value.toString());
    return value;
  }

  /** Two words, start and end of an array. */
  span(): { readonly start: Relocatable; readonly length: number } {
    const [start, end] = [this.pointer(), this.pointer()];
    const length = end.offset - start.offset;
    if (start.segment !== end.segment || length < 0) {
      throw failure(`Cannot take the array from ${showValue(start)} to ${showValue(end)}.`);
    }
    if (end.offset > this.#memory.segmentSize(start.segment)) {
      throw failure(
        `The array from ${showValue(start)} to ${showValue(end)} is not all in memory.`,
      );
    }
    return { start, length };
  }

  felts(): Felt[] {
    const { start, length } = this.span();
    this.#context.countCopies(length);
    return this.#memory.felts(start, length);
  }
}

/** A felt below 2^32, as the hints of sha256 deal in them. */
export function asU32(value: MemoryValue): number {
  if (isRelocatable(value) || value >= 1n << 32n) {
    throw invalidInput(value, "Expected a number of 32 bits.");
  }
  return Number(value);
}

/** Writes an array to a segment of its own, and answers its two words. */
export function newArray(
  { context, memory }: SyscallScope,
  values: readonly MemoryValue[],
): readonly [start: Relocatable, end: Relocatable] {
  context.countCopies(values.length);
  const start = memory.addSegment();
  return [start, memory.write(start, values)];
}

/** For syscalls whose result `__validate__` must not depend on. */
export const notInValidation = (name: string): ExecutionFailure =>
  failure(`Unauthorized syscall ${name} in execution mode Validate.`);
