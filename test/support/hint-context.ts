/** A plain write-once memory with registers, for running single hints without a machine. */
import { VmError } from "../../src/cairo/errors.ts";
import type { HintContext, MemoryView } from "../../src/cairo/hints/context.ts";
import {
  createHintState,
  type HintStateOptions,
  type RunHintState,
} from "../../src/cairo/hints/state.ts";
import { isRelocatable, type MemoryValue, type Relocatable } from "../../src/cairo/relocatable.ts";
import { shift, showValue } from "../../src/cairo/relocatable.ts";
import { isFelt } from "../../src/field/felt.ts";

const same = (a: MemoryValue, b: MemoryValue): boolean =>
  isRelocatable(a) && isRelocatable(b) ? a.segment === b.segment && a.offset === b.offset : a === b;

export class PlainMemory implements MemoryView {
  readonly #segments = new Map<number, Map<number, MemoryValue>>();
  readonly relocations: { source: Relocatable; target: Relocatable }[] = [];
  #segmentCount = 0;
  #temporaryCount = 0;

  #cells({ segment, offset }: Relocatable): Map<number, MemoryValue> {
    const cells = this.#segments.get(segment);
    if (cells === undefined || !Number.isSafeInteger(offset) || offset < 0)
      throw new VmError("INVALID_POINTER", `${segment}:${offset}`);
    return cells;
  }

  get(address: Relocatable): MemoryValue | undefined {
    return this.#cells(address).get(address.offset);
  }

  #known(address: Relocatable): MemoryValue {
    const value = this.get(address);
    if (value === undefined) throw new VmError("UNKNOWN_MEMORY", showValue(address));
    return value;
  }

  felt(address: Relocatable): bigint {
    const value = this.#known(address);
    if (isRelocatable(value)) throw new VmError("EXPECTED_FELT", showValue(address));
    return value;
  }

  pointer(address: Relocatable): Relocatable {
    const value = this.#known(address);
    if (!isRelocatable(value)) throw new VmError("EXPECTED_POINTER", showValue(address));
    return value;
  }

  set(address: Relocatable, value: MemoryValue): void {
    if (!isRelocatable(value) && !isFelt(value)) throw new RangeError(`not canonical: ${value}`);
    const before = this.get(address);
    if (before !== undefined && !same(before, value))
      throw new VmError("INCONSISTENT_MEMORY", showValue(address));
    this.#cells(address).set(address.offset, value);
  }

  felts(address: Relocatable, count: number): bigint[] {
    return Array.from({ length: count }, (_, i) => this.felt(shift(address, i)));
  }

  write(address: Relocatable, values: readonly MemoryValue[]): Relocatable {
    values.forEach((value, i) => {
      this.set(shift(address, i), value);
    });
    return shift(address, values.length);
  }

  addSegment(): Relocatable {
    const segment = this.#segmentCount++;
    this.#segments.set(segment, new Map());
    return { segment, offset: 0 };
  }

  addTemporarySegment(): Relocatable {
    const segment = -++this.#temporaryCount;
    this.#segments.set(segment, new Map());
    return { segment, offset: 0 };
  }

  addRelocationRule(source: Relocatable, target: Relocatable): void {
    this.relocations.push({ source, target });
  }

  get segmentCount(): number {
    return this.#segmentCount;
  }

  segmentSize(segment: number): number {
    return Math.max(0, ...[...(this.#segments.get(segment)?.keys() ?? [])].map((i) => i + 1));
  }
}

export interface PlainContext extends HintContext {
  readonly memory: PlainMemory;
  readonly state: RunHintState;
  ap: Relocatable;
  fp: Relocatable;
  syscall: HintContext["syscall"];
}

/** Registers 32 cells into a fresh segment, so that negative offsets have room; fp is ap. */
export function plainContext(options?: HintStateOptions): PlainContext {
  const memory = new PlainMemory();
  const pc = memory.addSegment();
  const ap = shift(memory.addSegment(), 32);
  return { memory, pc, ap, fp: ap, state: createHintState(options), syscall: undefined };
}

/** The code of the VmError that `action` throws; other errors pass, none is "no error". */
export function vmErrorCode(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (error instanceof VmError) return error.code;
    throw error;
  }
  return "no error";
}
