/** What the syscalls of one entry point leave and remember. */
import type { MemoryView } from "../../../cairo/hints/context.ts";
import type { MemoryValue, Relocatable } from "../../../cairo/relocatable.ts";
import type { Felt } from "../../../field/felt.ts";
import type { SyscallName } from "../../constants.ts";
import type { SyscallUsage } from "../../fee/vm-resources.ts";
import type { ExecutedCall } from "../call-info.ts";
import { failure } from "../failure.ts";
import type { SecpPoints } from "./secp.ts";

interface OrderedEvent {
  readonly order: number;
  readonly keys: readonly Felt[];
  readonly data: readonly Felt[];
}

interface OrderedMessage {
  readonly order: number;
  readonly toAddress: Felt;
  readonly payload: readonly Felt[];
}

export class SyscallFrame {
  readonly calls: ExecutedCall[] = [];
  readonly events: OrderedEvent[] = [];
  readonly messages: OrderedMessage[] = [];
  readonly #usage = new Map<SyscallName, { calls: number; units: number }>();
  readonly #readOnly: { readonly start: Relocatable; readonly length: number }[] = [];

  /** Made by the first get_execution_info. */
  executionInfo: Relocatable | undefined;
  /** End of the states that sha256_process_block has written. */
  sha256End: Relocatable | undefined;
  /** Points of the secp256 syscalls, made by the first of them. */
  secpPoints: SecpPoints | undefined;

  get usage(): SyscallUsage {
    return this.#usage;
  }

  countUse(name: SyscallName, calls: number, units: number): void {
    const use = this.#usage.get(name) ?? { calls: 0, units: 0 };
    this.#usage.set(name, { calls: use.calls + calls, units: use.units + units });
  }

  /** A new segment with values that the contract may read but not extend. */
  readOnlySegment(memory: MemoryView, values: readonly MemoryValue[]): Relocatable {
    const start = memory.addSegment();
    memory.write(start, values);
    this.#readOnly.push({ start, length: values.length });
    return start;
  }

  /** Throws ExecutionFailure when a contract has written to a read-only segment. */
  checkReadOnlySegments(memory: MemoryView): void {
    for (const { start, length } of this.#readOnly) {
      if (memory.segmentSize(start.segment) !== length) {
        throw failure("Validation failed: Read-only segments.\n");
      }
    }
  }
}
