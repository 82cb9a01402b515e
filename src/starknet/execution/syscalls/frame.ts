/** What the syscalls of one entry point leave and remember. */
import type { Relocatable } from "../../../cairo/relocatable.ts";
import type { Felt } from "../../../field/felt.ts";
import type { SyscallName } from "../../constants.ts";
import type { SyscallUsage } from "../../fee/vm-resources.ts";
import type { ExecutedCall } from "../call-info.ts";
import type { SyscallAnswer } from "../record.ts";
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
  /** In an environment that records. */
  readonly answers: SyscallAnswer[] = [];
  readonly #usage = new Map<SyscallName, { calls: number; units: number }>();

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
}
