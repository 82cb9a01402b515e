/** Proof of work (stark-protocol §3): the smallest nonce that does. */
import { NONCE_BYTES } from "./channel/channel.ts";
import type { Pool } from "./work/pool.ts";
import type { Task } from "./work/tasks.ts";

/** Nonces that one task tries, and tasks at once. */
const COUNT = 1 << 16;
const TASKS = 16;

export async function grindNonce(
  pool: Pool,
  seed: Uint8Array,
  bits: number,
  onProgress: (fraction: number) => void,
): Promise<Uint8Array> {
  for (let first = 0n; ; first += BigInt(TASKS * COUNT)) {
    const tasks = Array.from({ length: TASKS }, (_, i): Task => ({
      type: "grind",
      seed,
      bits,
      first: first + BigInt(i * COUNT),
      count: COUNT,
    }));
    const found = ((await pool.run(tasks)) as bigint[]).find((nonce) => nonce >= 0n);
    if (found === undefined) {
      // Half of what it takes on average is done after 2^(bits - 1) nonces.
      onProgress(1 - 0.5 ** (Number(first) / 2 ** bits));
      continue;
    }
    onProgress(1);
    const nonce = new Uint8Array(NONCE_BYTES);
    new DataView(nonce.buffer).setBigUint64(0, found);
    return nonce;
  }
}
