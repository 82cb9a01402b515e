/** Snapshots of a devnet: old state stays readable in the store, so one is a block number and what is not in blocks. */
import type { SnapshotListener } from "../rpc/control.ts";
import type { Felt } from "../field/felt.ts";
import type { ClockState } from "../sequencer/clock.ts";
import type { BlockContents } from "../sequencer/sequencer.ts";
import type { GasPrices } from "../starknet/block.ts";
import type { DevnetCore } from "./core.ts";

interface Snapshot {
  /** The newest closed block. */
  readonly number: number;
  /** The open block: it is run again on the way back. */
  readonly open: BlockContents;
  readonly clock: ClockState;
  readonly gasPrices: GasPrices;
  readonly impersonated: readonly Felt[];
  readonly autoImpersonate: boolean;
}

export class Snapshots {
  readonly #core: DevnetCore;
  readonly #snapshots = new Map<number, Snapshot>();
  readonly #listeners: SnapshotListener[] = [];
  #lastId = 0;

  constructor(core: DevnetCore) {
    this.#core = core;
  }

  subscribe(listener: SnapshotListener): void {
    this.#listeners.push(listener);
  }

  take(): number {
    const { sequencer, clock, impersonated, autoImpersonate } = this.#core;
    const open = sequencer.openBlock();
    this.#snapshots.set(++this.#lastId, {
      number: sequencer.chain.latest().number,
      open: {
        context: open.context,
        transactions: [...open.transactions],
        unvalidated: open.unvalidated,
        classes: new Map(open.classes),
      },
      clock: clock.save(),
      gasPrices: sequencer.gasPrices,
      impersonated: [...impersonated],
      autoImpersonate,
    });
    for (const listener of this.#listeners) listener.taken(this.#lastId);
    return this.#lastId;
  }

  /** The newest block that a snapshot has; undefined when there is none of that id. */
  blockOf(id: number): number | undefined {
    return this.#snapshots.get(id)?.number;
  }

  /** Goes back to a snapshot, which is used up with all later ones; false when there is none of that id. */
  revert(id: number): boolean {
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined) return false;
    for (const later of this.#snapshots.keys()) if (later >= id) this.#snapshots.delete(later);
    const { sequencer, clock, impersonated } = this.#core;
    sequencer.clearMempool("the devnet went back to a snapshot");
    sequencer.goBackTo(snapshot.number);
    clock.restore(snapshot.clock);
    sequencer.gasPrices = snapshot.gasPrices;
    impersonated.clear();
    for (const account of snapshot.impersonated) impersonated.add(account);
    this.#core.autoImpersonate = snapshot.autoImpersonate;
    sequencer.reopen(snapshot.open);
    for (const listener of this.#listeners) listener.reverted(id);
    return true;
  }

  /** Forgets snapshots of blocks that are gone. */
  forgetAfter(number: number): void {
    for (const [id, snapshot] of this.#snapshots)
      if (snapshot.number > number) this.#snapshots.delete(id);
  }

  clear(): void {
    this.#snapshots.clear();
  }
}
