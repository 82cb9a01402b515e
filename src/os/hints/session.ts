/** What the hints of one run of the OS program share. */
import type { HintContext, MemoryView } from "../../cairo/hints/context.ts";
import { hintError } from "../../cairo/hints/errors.ts";
import { RunHintState, stateOf } from "../../cairo/hints/state.ts";
import type { Relocatable } from "../../cairo/relocatable.ts";
import type { Felt } from "../../field/felt.ts";
import { CachedState } from "../../state/cached-state.ts";
import type { ExecutedCall } from "../../starknet/execution/call-info.ts";
import type { SyscallAnswer } from "../../starknet/execution/record.ts";
import type { OsClass } from "../classes.ts";
import type { OsBlock, OsInput, OsTransaction } from "../input.ts";
import type { Step } from "../trie-plan.ts";
import { CLASS_HASHES, CLASSES, NONCES } from "./keys.ts";

/** Takes values one after the other. */
export class Queue<T> {
  readonly #values: readonly T[];
  readonly #what: string;
  #next = 0;

  constructor(what: string, values: readonly T[]) {
    this.#what = what;
    this.#values = values;
  }

  /** Throws VmError HINT when there is none left. */
  take(): T {
    const value = this.#values[this.#next++];
    if (value === undefined) throw hintError(`the OS asks for more ${this.#what} than there are`);
    return value;
  }

  /** What the next `take` answers. */
  get first(): T | undefined {
    return this.#values[this.#next];
  }
}

/** A contract's code while it runs. */
export interface RunningCall {
  /** The OS's struct Call, which contracts get as their execution info. */
  readonly call: Relocatable;
  readonly osClass: OsClass;
  readonly answers: Queue<SyscallAnswer>;
  /** Hints of contracts have dictionaries of their own. */
  readonly state: RunHintState;
  /** Start of the records of dictionaries, if the code has them. */
  readonly infos: Relocatable | undefined;
}

/** Where a class's bytecode lies. */
export interface LoadedClass {
  readonly osClass: OsClass;
  readonly code: Relocatable;
}

export class OsSession {
  readonly input: OsInput;
  /** The state as the program has it at this moment. */
  readonly state: CachedState;
  readonly blocks: Queue<OsBlock>;
  transactions: Queue<OsTransaction>;
  calls: Queue<ExecutedCall>;
  block: OsBlock | undefined;
  transaction: OsTransaction | undefined;
  /** The call whose `call.enter` came last. */
  call: ExecutedCall | undefined;
  running: RunningCall | undefined;
  /** Classes in the order of the program's table. */
  classes: readonly LoadedClass[] = [];
  /** Hashes of builtin sets in the order of the program's table. */
  builtinSets: readonly Felt[] = [];
  /** Segments of the class being hashed: whether each was left out. */
  skipped = new Queue<boolean>("segments", []);
  /** Steps through the trie that is walked. */
  steps = new Queue<Step>("trie nodes", []);
  /** The segment of the hashes of the trie of classes. */
  classHashes: { readonly memory: MemoryView; readonly segment: number } | undefined;

  constructor(input: OsInput) {
    this.input = input;
    this.state = new CachedState(input.state.reader);
    this.blocks = new Queue("blocks", input.blocks);
    this.transactions = new Queue<OsTransaction>("transactions", []);
    this.calls = new Queue<ExecutedCall>("calls", []);
  }

  /** A value of the state log. */
  read(address: Felt, key: Felt): Felt {
    if (address === CLASSES) return this.state.compiledClassHash(key);
    if (address === CLASS_HASHES) return this.state.classHashAt(key);
    if (address === NONCES) return this.state.nonceAt(key);
    return this.state.storageAt(address, key);
  }

  write(address: Felt, key: Felt, value: Felt): void {
    if (address === CLASSES) this.state.setCompiledClassHash(key, value);
    else if (address === CLASS_HASHES) this.state.setClassHash(key, value);
    else if (address === NONCES) this.state.setNonce(key, value);
    else this.state.setStorage(address, key, value);
  }
}

/** The hint state of a run of the OS program. */
export class OsHintState extends RunHintState {
  readonly session: OsSession;

  constructor(session: OsSession) {
    super({ temporaryDictSegments: true });
    this.session = session;
  }
}

/** The session of the run that a hint is in. */
export function sessionOf(context: HintContext): OsSession {
  const state = stateOf(context);
  if (state instanceof OsHintState) return state.session;
  throw hintError("a hint of the OS runs in another program");
}

/** A struct of felts and pointers that the program reads through a pointer. */
export const writeStruct = (
  memory: MemoryView,
  words: Parameters<MemoryView["write"]>[1],
): Relocatable => {
  const start = memory.addSegment();
  memory.write(start, words);
  return start;
};
