/** How requests reach a node of L1: in process, or over HTTP. */
import type { ReadableStream } from "node:stream/web";
import { reasonOfFailure } from "../util/fetch-failure.ts";

/** What a Hardhat connection's `provider` is, and any wallet's (EIP-1193). */
export interface Transport {
  request(request: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** The node answered with an error: the request reached it and will not succeed as it is. */
export class L1RequestError extends Error {
  override readonly name = "L1RequestError";
  /** JSON-RPC error code */
  readonly code: number | undefined;
  /** What the node says beside the message, the data of a revert for one. */
  readonly data: unknown;

  constructor(message: string, code: number | undefined, data: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** The node could not be reached or did not answer: trying later may help. */
export class L1UnavailableError extends Error {
  override readonly name = "L1UnavailableError";
}

const TIMEOUT_MS = 20_000;
/** Of logs of many blocks, and of traces. */
const MAX_ANSWER_BYTES = 64 << 20;

/** A node at an HTTP(S) URL. Rejects with L1RequestError and L1UnavailableError. */
export function httpTransport(url: string): Transport {
  let lastId = 0;
  return {
    async request({ method, params = [] }) {
      const answer = await post(url, { jsonrpc: "2.0", id: ++lastId, method, params });
      const { result, error } = answer as { result?: unknown; error?: unknown };
      if (error !== undefined && error !== null) throw requestError(method, error);
      if (result !== undefined) return result;
      throw new L1UnavailableError(`L1 at ${withoutPath(url)} answered ${method} with no result`);
    },
  };
}

/** JSON-RPC's form of an error, or the text that some gateways give in its place. */
function requestError(method: string, error: unknown, options?: ErrorOptions): L1RequestError {
  const { message, code, data } = error as { message?: unknown; code?: number; data?: unknown };
  const text = typeof error === "string" ? error : String(message ?? "unknown error");
  return new L1RequestError(`${method}: ${text}`, code, data, options);
}

/** The answer to a request, a JSON object. */
async function post(url: string, body: object): Promise<object> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await bodyOf(response);
  } catch (cause) {
    if (cause instanceof L1RequestError) throw cause;
    throw new L1UnavailableError(
      `L1 at ${withoutPath(url)} cannot be reached: ${reasonOfFailure(cause)}`,
      { cause },
    );
  }
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Not a JSON-RPC answer: a proxy's or gateway's page.
  }
  throw new L1UnavailableError(
    `L1 at ${withoutPath(url)} answered with status ${response.status} and no JSON-RPC`,
  );
}

/** Rejects with L1RequestError for what is too long: whoever asks for less may get it. */
async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body as ReadableStream<Uint8Array> | null) ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES)
      throw new L1RequestError(
        `L1's answer is longer than ${MAX_ANSWER_BYTES} bytes`,
        undefined,
        undefined,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString();
}

/** A URL as it may be shown: paths and queries of providers' URLs hold keys. */
export const withoutPath = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

/** A connection of this process, with the errors of the other transport. */
export function inProcessTransport(provider: Transport): Transport {
  return {
    async request(request) {
      try {
        return await provider.request(request);
      } catch (cause) {
        throw requestError(request.method, cause, { cause });
      }
    },
  };
}
