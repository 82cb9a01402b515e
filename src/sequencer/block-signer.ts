/** The sequencer's signature under its blocks: of the block hash, since protocol 0.13.2. */
import { publicKey, sign, type Signature } from "../curve/ecdsa.ts";
import type { Felt } from "../field/felt.ts";
import { BoundedCache } from "../util/bounded-cache.ts";

/** Followers ask for the newest blocks, all for the same. */
const CACHED_SIGNATURES = 64;

export class BlockSigner {
  readonly publicKey: Felt;
  readonly #privateKey: bigint;
  readonly #signatures = new BoundedCache<Felt, Signature>(CACHED_SIGNATURES);

  /** Throws RangeError for a key outside [1, order of the curve). */
  constructor(privateKey: bigint) {
    this.publicKey = publicKey(privateKey);
    this.#privateKey = privateKey;
  }

  /** Always the same for a hash: nonces follow from it. */
  sign(blockHash: Felt): Signature {
    return this.#signatures.getOrAdd(blockHash, () => sign(blockHash, this.#privateKey))!;
  }
}
