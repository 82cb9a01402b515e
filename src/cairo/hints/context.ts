/** What a hint sees of the machine: its registers and its memory. */
import type { Felt } from "../../field/felt.ts";
import type { MemoryValue, Relocatable } from "../relocatable.ts";

/**
 * Write-once memory of a run. Every accessor throws VmError: UNKNOWN_MEMORY for a cell without a value,
 * EXPECTED_FELT / EXPECTED_POINTER for a value of the other kind, INCONSISTENT_MEMORY for a second,
 * different value, INVALID_POINTER for an address outside every segment.
 */
export interface MemoryView {
  get(address: Relocatable): MemoryValue | undefined;
  felt(address: Relocatable): Felt;
  pointer(address: Relocatable): Relocatable;
  set(address: Relocatable, value: MemoryValue): void;
  /** `count` felts from `address` on. */
  felts(address: Relocatable, count: number): Felt[];
  /** Writes `values` from `address` on and returns the end pointer. */
  write(address: Relocatable, values: readonly MemoryValue[]): Relocatable;
  addSegment(): Relocatable;
  addTemporarySegment(): Relocatable;
  /** Replaces the temporary segment that `source` starts by `target`, at the end of the run. */
  addRelocationRule(source: Relocatable, target: Relocatable): void;
  /** One past the highest written offset. */
  segmentSize(segment: number): number;
}

export interface HintContext {
  readonly memory: MemoryView;
  readonly pc: Relocatable;
  readonly ap: Relocatable;
  readonly fp: Relocatable;
  /** State of hints for this run (dictionaries, squash data, scopes); the hint library owns its shape. */
  readonly state: HintState;
  /** Set for compiled Sierra classes; the SystemCall hint calls it with the system pointer. */
  readonly syscall: ((context: HintContext, systemPtr: Relocatable) => void) | undefined;
  /** Set for runs with the ecdsa builtin: the signature that its instance at `at` is checked with. */
  readonly addSignature?:
    ((at: Relocatable, signature: readonly [r: Felt, s: Felt]) => void) | undefined;
}

/** Opaque to the VM: made by the hint library once per run. */
export interface HintState {
  readonly kind: "hint-state";
}

/** A hint that has been decoded and checked when its program was loaded. */
export interface CompiledHint {
  readonly name: string;
  execute(context: HintContext): void;
}
