/** Who works with a Redis: provers, and clients that want proofs; each says so every few seconds. */
import type { Redis } from "ioredis";
import { presenceKey } from "./names.ts";

/** A prover, or a client with neither threads nor concurrency. */
export interface Presence {
  readonly name: string;
  readonly version: string;
  /** Of each proof. */
  readonly threads: number;
  /** Proofs at once. */
  readonly concurrency: number;
}

const ANNOUNCE_MS = 5_000;
/** So long one is believed to be there that says nothing. */
const BELIEVED_MS = 16_000;
const MAX_LISTED = 256;
const MAX_LENGTH = 500;

type Kind = "prover" | "client";

/** By the clock of Redis: those of the machines may differ. */
async function now(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

export class Announcement {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #member: string;
  readonly #timer: NodeJS.Timeout;

  constructor(redis: Redis, kind: Kind, presence: Presence) {
    this.#redis = redis;
    this.#key = presenceKey(kind);
    this.#member = JSON.stringify(presence);
    const announce = (): void => void this.#announce().catch(() => undefined);
    this.#timer = setInterval(announce, ANNOUNCE_MS).unref();
    announce();
  }

  async #announce(): Promise<void> {
    const time = await now(this.#redis);
    await this.#redis.zremrangebyscore(this.#key, "-inf", time);
    await this.#redis.zadd(this.#key, time + BELIEVED_MS, this.#member);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#redis.zrem(this.#key, this.#member);
  }
}

/** Those that are there; what cannot be read is left out. */
export async function present(redis: Redis, kind: Kind): Promise<Presence[]> {
  const key = presenceKey(kind);
  const members = await redis.zrangebyscore(key, await now(redis), "+inf", "LIMIT", 0, MAX_LISTED);
  return members.flatMap((member) => parse(member) ?? []);
}

function parse(member: string): Presence | undefined {
  if (member.length > MAX_LENGTH) return undefined;
  try {
    const { name, version, threads, concurrency } = JSON.parse(member) as Partial<Presence>;
    const isCount = (value: unknown): value is number =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1_024;
    const isName = (value: unknown): value is string =>
      typeof value === "string" && /^[\w.-]+$/.test(value);
    return isName(name) && isName(version) && isCount(threads) && isCount(concurrency)
      ? { name, version, threads, concurrency }
      : undefined;
  } catch {
    return undefined;
  }
}
