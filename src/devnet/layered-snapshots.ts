/**
 * Snapshots of both layers: whoever takes one of L1 or of L2 has one of both, and goes back on both. Without an L1,
 * or where it cannot take any, they are L2's alone.
 */
import { L1RequestError, type Transport } from "../l1/transport.ts";
import type { SettlementLayer } from "../l1/settlement-layer.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { ControlError } from "../rpc/control.ts";
import type { Snapshots } from "./snapshots.ts";

export interface SnapshotParts {
  readonly snapshots: Snapshots;
  readonly sequencer: Sequencer;
  readonly layer: SettlementLayer;
  /** Requests to L1 pass through `aroundRequest`, ours too. */
  readonly intercepted: boolean;
}

type Request = Parameters<Transport["request"]>[0];

export class LayeredSnapshots {
  readonly #parts: SnapshotParts;
  /** L2's snapshot by L1's, as L1 names it. */
  readonly #l2 = new Map<string, number>();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** Takes a snapshot of both layers; L2's id. */
  async take(): Promise<number> {
    const { layer, intercepted } = this.#parts;
    const request = (): Promise<unknown> => layer.ethereum.request("evm_snapshot");
    try {
      const id = await (intercepted ? request() : this.#taking(request));
      return this.#l2.get(String(id))!;
    } catch (error) {
      if (!(error instanceof L1RequestError)) throw error;
      return this.#onL2(() => this.#parts.snapshots.take());
    }
  }

  /**
   * Goes back to a snapshot on both layers; false when there is none of that id. Rejects with ControlError where L2
   * would lose blocks that are on an L1 which cannot go back.
   */
  async revert(id: number): Promise<boolean> {
    const { layer, snapshots, sequencer, intercepted } = this.#parts;
    const number = snapshots.blockOf(id);
    if (number === undefined) return false;
    const onL1 = [...this.#l2].find(([, l2]) => l2 === id)?.[0];
    if (onL1 !== undefined) {
      const request = (): Promise<unknown> => layer.ethereum.request("evm_revert", onL1);
      if (await (intercepted ? request() : this.#reverting(onL1, request))) return true;
    }
    // Not while a settlement is under way, which may bring blocks to L1 that L2 would lose.
    return layer.exclusively(() => {
      if (number < (sequencer.chain.latestOnL1() ?? 0))
        throw new ControlError(
          "UNSUPPORTED",
          `blocks after ${number} are accepted on L1, which cannot go back to that snapshot: L2 stays as it is`,
        );
      return this.#onL2(() => snapshots.revert(id));
    });
  }

  /** Runs a request to L1 by whomever; snapshots of L1 are L2's, too. */
  aroundRequest(request: Request, next: () => Promise<unknown>): Promise<unknown> {
    switch (request.method) {
      case "evm_snapshot":
        return this.#taking(next);
      case "evm_revert":
        return this.#reverting(String(request.params?.[0]), next);
      default:
        return next();
    }
  }

  clear(): void {
    this.#l2.clear();
  }

  #taking<T>(takeOnL1: () => Promise<T>): Promise<T> {
    const { layer, snapshots } = this.#parts;
    return layer.urgently("a snapshot is taken", async () => {
      const id = await takeOnL1();
      this.#l2.set(String(id), await this.#onL2(() => snapshots.take()));
      return id;
    });
  }

  #reverting<T>(onL1: string, revertOnL1: () => Promise<T>): Promise<T> {
    const { layer, snapshots } = this.#parts;
    return layer.urgently("L1 goes back to a snapshot", async () => {
      const done = await revertOnL1();
      const id = this.#l2.get(onL1);
      // A snapshot of L1 from before the L2: what L1 has lost then, the watcher finds.
      if (done !== true || id === undefined) return done;
      for (const [later, l2] of this.#l2) if (l2 >= id) this.#l2.delete(later);
      await this.#onL2(() => snapshots.revert(id));
      return done;
    });
  }

  #onL2<T>(change: () => T): Promise<T> {
    return this.#parts.sequencer.exclusively(change);
  }
}
