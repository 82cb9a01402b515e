/**
 * A connection to Redis and BullMQ on it, by the optional packages `bullmq` and `ioredis`. Nothing else imports them.
 * While Redis is away, commands wait; they go on when it is back.
 */
import type * as BullMq from "bullmq";
import type * as IoRedis from "ioredis";

/** The queue cannot be used; the message says what to do. */
export class QueueError extends Error {
  override readonly name = "QueueError";
}

export interface Connection {
  readonly redis: IoRedis.Redis;
  readonly bullmq: typeof BullMq;
  /** As it may be shown: without the password. */
  readonly url: string;
  /** Ends it, whatever waits. */
  end(): void;
}

export interface ConnectionListener {
  /** Redis is away, once each time. */
  lost(message: string): void;
  /** It is there again. */
  found(): void;
}

const CONNECT_MS = 5_000;
/** Redis answers in no time, and commands that block do so for ten seconds: it is gone. */
const SILENCE_MS = 30_000;
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 2_000;

export const isRedisUrl = (text: string): boolean =>
  URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol);

export function shownUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== "") url.password = "***";
  return url.href;
}

/** Rejects with QueueError where the packages are missing or nothing answers; then nothing is left open. */
export async function connect(text: string, listener: ConnectionListener): Promise<Connection> {
  const { bullmq, ioredis } = await load();
  const url = shownUrl(text);
  let isUp = false;
  let lastError = "";
  const redis = new ioredis.Redis(text, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (times) => Math.min(RETRY_MS * times, LONGEST_RETRY_MS),
  });
  // Without a listener, an error would end the process.
  redis.on("error", (error: Error) => (lastError = reasonOf(error)));
  try {
    await answerOf(redis);
  } catch (error) {
    redis.disconnect();
    throw new QueueError(
      `Redis at ${url} cannot be used: ${lastError || reasonOf(error)}. Start one there (redis-server), or give the URL of another`,
      { cause: error },
    );
  }
  isUp = true;
  let isEnded = false;
  redis.on("close", () => {
    if (isUp && !isEnded)
      listener.lost(`Redis at ${url} is away: ${lastError || "the connection was closed"}`);
    isUp = false;
  });
  redis.on("ready", () => {
    if (!isUp) listener.found();
    isUp = true;
  });
  const end = (): void => {
    isEnded = true;
    redis.disconnect();
  };
  return { redis, bullmq, url, end };
}

/** Connects and asks something, so that a wrong password or database shows. */
async function answerOf(redis: IoRedis.Redis): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${CONNECT_MS} ms`)), CONNECT_MS);
  });
  const answer = redis.connect().then(() => redis.select(redis.options.db ?? 0));
  answer.catch(() => undefined);
  await Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as Error & { code?: string };
  return message || (code ?? "");
};

async function load(): Promise<{
  bullmq: typeof BullMq;
  ioredis: Pick<typeof IoRedis, "Redis">;
}> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, ioredis };
  } catch (error) {
    throw new QueueError(
      'a queue of proofs needs the packages bullmq and ioredis, which cannot be loaded: install them with "npm install bullmq ioredis"',
      { cause: error },
    );
  }
}
