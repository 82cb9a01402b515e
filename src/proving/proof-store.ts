/** Proofs of blocks, kept with the chain until it has gone on from them. */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import type { BlockProof } from "./prove-job.ts";

/** A proof with the blocks that it is of. */
export interface StoredProof {
  readonly range: BlockRange;
  /** Hash of the last block. */
  readonly hash: Felt;
  readonly proof: BlockProof;
  /** What it took, in milliseconds. */
  readonly duration: number;
}

const PREFIX = Buffer.from("proof");

/** Of the first block: numbers are big-endian, so that proofs are in order. */
function keyOf(first: number): Uint8Array {
  const key = Buffer.alloc(PREFIX.length + 4);
  PREFIX.copy(key);
  key.writeUInt32BE(first, PREFIX.length);
  return key;
}

export class ProofStore {
  readonly #store: KeyValueStore;
  readonly #proofs = new Map<number, StoredProof>();

  constructor(store: KeyValueStore) {
    this.#store = store;
    for (const [, value] of store.range({ prefix: PREFIX })) {
      const stored = deserialize(value) as StoredProof;
      this.#proofs.set(stored.range.first, stored);
    }
  }

  /** The proof whose first block that is. */
  from(first: number): StoredProof | undefined {
    return this.#proofs.get(first);
  }

  /** The proof that a block is in. */
  of(number: number): StoredProof | undefined {
    for (const stored of this.#proofs.values())
      if (stored.range.first <= number && number <= stored.range.last) return stored;
    return undefined;
  }

  add(stored: StoredProof): void {
    const { first } = stored.range;
    this.#store.batch([{ type: "put", key: keyOf(first), value: serialize(stored) }]);
    this.#proofs.set(first, stored);
  }

  /** Forgets the proofs of which `gone` holds. */
  drop(gone: (stored: StoredProof) => boolean): void {
    const dropped = [...this.#proofs.values()].filter(gone).map(({ range }) => range.first);
    if (dropped.length === 0) return;
    this.#store.batch(dropped.map((first) => ({ type: "delete", key: keyOf(first) })));
    for (const first of dropped) this.#proofs.delete(first);
  }
}
