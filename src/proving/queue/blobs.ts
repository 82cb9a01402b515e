/** Content in Redis by its digest: put there on a lease that is renewed, read with distrust. */
import type { Redis } from "ioredis";
import { BoundedCache } from "../../util/bounded-cache.ts";
import { blobKey, digestOf, MAX_NAME_LENGTH, proofKey } from "./names.ts";
import { BadJob, type BlobName } from "./packing.ts";

/** What nobody renews is gone after that time: whoever wanted it has ended. */
export const LEASE_MS = 60_000;
/** A proof is kept for whoever wants it after a restart. */
const PROOF_MS = 3_600_000;
/** Ten times what a proof takes. */
export const MAX_PROOF_BYTES = 1 << 22;

/** Renews the lease of blobs, and puts there those that are not, or no longer. */
export async function keepBlobs(
  redis: Redis,
  blobs: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const [digest, content] of blobs)
    if ((await redis.pexpire(blobKey(digest), LEASE_MS)) === 0)
      await redis.set(blobKey(digest), Buffer.from(content), "PX", LEASE_MS);
}

/** A blob is not there. */
export class BlobMissing extends Error {
  override readonly name = "BlobMissing";
}

/** Reads blobs, and remembers those that were read last. */
export class BlobReader {
  readonly #redis: Redis;
  readonly #known: BoundedCache<string, Uint8Array>;

  constructor(redis: Redis, capacity: number) {
    this.#redis = redis;
    this.#known = new BoundedCache(capacity);
  }

  /** Rejects with BlobMissing, and with BadJob for one that is not what its name says. */
  async read({ digest, bytes }: BlobName): Promise<Uint8Array> {
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const length = await this.#redis.strlen(blobKey(digest));
    if (length === 0) throw new BlobMissing(`blob ${digest} is not in Redis`);
    if (length !== bytes) throw new BadJob(`blob ${digest} has ${length} bytes, not ${bytes}`);
    const content = await this.#redis.getBuffer(blobKey(digest));
    if (content === null) throw new BlobMissing(`blob ${digest} is not in Redis`);
    if (digestOf(content) !== digest) throw new BadJob(`blob ${digest} has another content`);
    this.#known.set(digest, content);
    return content;
  }
}

export interface DeliveredProof {
  /** As it calls itself. */
  readonly prover: string;
  /** Undefined where it is too long to be a proof. */
  readonly bytes: Uint8Array | undefined;
}

export async function deliverProof(
  redis: Redis,
  digest: string,
  { prover, bytes }: { readonly prover: string; readonly bytes: Uint8Array },
): Promise<void> {
  const key = proofKey(digest);
  const fields = { prover, proof: Buffer.from(bytes) };
  await redis.multi().del(key).hset(key, fields).pexpire(key, PROOF_MS).exec();
}

/** What a prover has made of the job of that digest, good or bad. */
export async function deliveredProof(
  redis: Redis,
  digest: string,
): Promise<DeliveredProof | undefined> {
  const key = proofKey(digest);
  // Anything may lie there, a value of another type too, which is none.
  if ((await redis.type(key)) !== "hash") return undefined;
  const nameLength = await redis.hstrlen(key, "prover");
  const length = await redis.hstrlen(key, "proof");
  const name = nameLength <= MAX_NAME_LENGTH ? await redis.hget(key, "prover") : undefined;
  const bytes = length <= MAX_PROOF_BYTES ? await redis.hgetBuffer(key, "proof") : undefined;
  return { prover: name ?? "without a name", bytes: bytes ?? undefined };
}
