/** GET of a document from a server that is not trusted: bounded in bytes, in time, and in how slow it may be. */
import type { ReadableStream } from "node:stream/web";
import { reasonOfFailure } from "../util/fetch-failure.ts";
import { SourceError } from "./block-source.ts";

export interface FetchLimits {
  /** Milliseconds from the request to the end of the answer. */
  readonly deadline: number;
  /** In each of these intervals, in milliseconds, … */
  readonly interval: number;
  /** … at least so many bytes of the body must come, or its end. */
  readonly minBytes: number;
}

export const DEFAULT_FETCH_LIMITS: FetchLimits = {
  deadline: 120_000,
  interval: 10_000,
  minBytes: 16 << 10,
};

export interface FetchedText {
  readonly status: number;
  readonly text: string;
}

/**
 * The answer's status and body, of at most `maxBytes` once unpacked. Redirects are not followed. Rejects with
 * SourceError, or with the reason of `signal` where that is aborted.
 */
export async function boundedFetch(
  url: string,
  maxBytes: number,
  limits: FetchLimits,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<FetchedText> {
  signal.throwIfAborted();
  const refuse = (problem: string): SourceError => new SourceError(`${url}: ${problem}`);
  const own = new AbortController();
  let received = 0;
  let before = 0;
  const deadline = setTimeout(() => {
    own.abort(refuse(`no complete answer within ${limits.deadline / 1000} seconds`));
  }, limits.deadline);
  const progress = setInterval(() => {
    if (received - before < limits.minBytes) {
      own.abort(
        refuse(
          `too slow: ${received - before} bytes in ${limits.interval / 1000} seconds, expected ${limits.minBytes}`,
        ),
      );
    }
    before = received;
  }, limits.interval);
  try {
    const response = await fetch(url, {
      redirect: "manual",
      headers,
      signal: AbortSignal.any([signal, own.signal]),
    });
    if (response.status >= 300 && response.status < 400)
      throw refuse(`it redirects to another place (status ${response.status}), which is refused`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of (response.body as ReadableStream<Uint8Array> | null) ?? []) {
      received += chunk.length;
      if (received > maxBytes) throw refuse(`the answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return { status: response.status, text: Buffer.concat(chunks, received).toString() };
  } catch (error) {
    signal.throwIfAborted();
    if (own.signal.aborted) throw own.signal.reason;
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${url}: ${reasonOfFailure(error)}`, { cause: error });
  } finally {
    clearTimeout(deadline);
    clearInterval(progress);
    // What has not been read of a refused answer is not waited for.
    own.abort();
  }
}
