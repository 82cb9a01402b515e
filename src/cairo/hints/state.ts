/** What hints remember during one run: dictionaries, the dictionary being squashed, scratch memory. */
import type { Felt } from "../../field/felt.ts";
import type { MemoryValue, Relocatable } from "../relocatable.ts";
import type { HintContext, HintState, MemoryView } from "./context.ts";
import { hintError } from "./errors.ts";
import type { FeltMap } from "./felt-map.ts";
import { Scopes } from "./scopes.ts";

export interface HintStateOptions {
  /**
   * Dictionaries after the first live in temporary segments, which a later relocation joins to the first:
   * what a program does that proves its own squashing. Contracts on Starknet run without (blockifier's
   * `no_temporary_segments`), the OS runs with.
   */
  readonly temporaryDictSegments?: boolean;
  /** Receives the felts of the DebugPrint hint; nothing is printed without it. */
  readonly print?: (values: readonly Felt[]) => void;
}

/** A dictionary's present contents, beside its write-once log of accesses in memory. */
export interface DictTracker {
  readonly data: FeltMap<MemoryValue>;
  /** Value of keys that were never written; undefined when reading those is an error. */
  readonly defaultValue: MemoryValue | undefined;
  /** Position among the run's dictionaries, as the segment arena counts them. */
  readonly index: number;
  /** End of the log, which Cairo 0 hints check against the pointer they are given. */
  currentPtr: Relocatable;
}

/** Accesses of the dictionary being squashed that are still to come. */
export interface SquashData {
  /** Keys in descending order; the last is the current one. */
  readonly keys: Felt[];
  /** Indices of a key's accesses, latest first. */
  readonly accesses: FeltMap<number[]>;
}

export class RunHintState implements HintState {
  readonly kind = "hint-state";
  readonly print: ((values: readonly Felt[]) => void) | undefined;
  readonly #temporaryDictSegments: boolean;
  readonly #dicts = new Map<number, DictTracker>();
  #scratch: Relocatable | undefined;

  /** Variables of Cairo 0 hints. */
  readonly scopes = new Scopes();
  /** Set by InitSquashData, consumed by the squash loop. */
  squash: SquashData | undefined;
  /** Which of the arcs (0,a), (a,b), (b,P) AssertLeFindSmallArcs left out: the longest. */
  excludedArc: number | undefined;
  /** How many points RandomEcPoint has handed out. */
  ecPoints = 0;

  constructor({ temporaryDictSegments = false, print }: HintStateOptions = {}) {
    this.#temporaryDictSegments = temporaryDictSegments;
    this.print = print;
  }

  /** Opens a dictionary on a new segment. */
  newDict(
    memory: MemoryView,
    data: FeltMap<MemoryValue>,
    defaultValue: MemoryValue | undefined,
    temporary = this.#temporaryDictSegments && this.#dicts.size > 0,
  ): Relocatable {
    const start = temporary ? memory.addTemporarySegment() : memory.addSegment();
    const index = this.#dicts.size;
    this.#dicts.set(start.segment, { data, defaultValue, index, currentPtr: start });
    return start;
  }

  /** The dictionary whose log `pointer` points into. Throws VmError HINT when there is none. */
  dict(pointer: Relocatable): DictTracker {
    const tracker = this.#dicts.get(pointer.segment);
    if (tracker === undefined)
      throw hintError(`${pointer.segment}:${pointer.offset} points into no dictionary`);
    return tracker;
  }

  /** `size` free cells of a segment that serves all such requests of the run. */
  allocate(memory: MemoryView, size: number): Relocatable {
    const start = this.#scratch ?? memory.addSegment();
    this.#scratch = { segment: start.segment, offset: start.offset + size };
    return start;
  }
}

/** The state of a fresh run, for {@link HintContext.state}. */
export const createHintState = (options?: HintStateOptions): RunHintState =>
  new RunHintState(options);

/** The library's own view of the opaque state in a context. */
export function stateOf({ state }: HintContext): RunHintState {
  if (state instanceof RunHintState) return state;
  throw hintError("the run's hint state was not made by createHintState");
}
