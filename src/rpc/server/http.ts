/** HTTP: JSON-RPC by POST on `/` and `/rpc`, Starknet's gateways, and the liveness probe. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { RpcError } from "../errors.ts";
import { errorBody, type Feeder } from "../feeder/feeder.ts";
import { NODE_HEADER } from "../feeder/followers.ts";
import type { ReadShare } from "../read-share.ts";

export interface HttpOptions {
  /** Bytes of a request's body. */
  readonly maxBody: number;
  /** Milliseconds for the answer, from the end of the request on. */
  readonly timeout: number;
  /** Absent where there are no gateways. */
  readonly feeder?: Feeder;
  /** When the gateways' reads run. */
  readonly reads: ReadShare;
  answer(text: string, gone: AbortSignal): Promise<string | undefined>;
}

const ANY_ORIGIN = { "Access-Control-Allow-Origin": "*" };
const PREFLIGHT = {
  ...ANY_ORIGIN,
  "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Max-Age": "86400",
};
const JSON_TYPE = { "Content-Type": "application/json", ...ANY_ORIGIN };
const TEXT_TYPE = { "Content-Type": "text/plain; charset=utf-8", ...ANY_ORIGIN };

const PATHS: ReadonlySet<string> = new Set(["/", "/rpc"]);
const ADD_TRANSACTION = "/gateway/add_transaction";

function send(response: ServerResponse, status: number, headers: object, body: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

/** What is posted to a path: how it is answered, and how it is told that there will be no answer. */
interface Posted {
  answer(
    text: string,
    gone: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: string } | undefined>;
  failure(kind: "INVALID_REQUEST" | "INTERNAL_ERROR", message: string): string;
}

function jsonRpc({ answer }: HttpOptions): Posted {
  return {
    async answer(text, gone) {
      const body = await answer(text, gone);
      return body === undefined ? undefined : { status: 200, body };
    },
    failure: (kind, message) =>
      JSON.stringify({ jsonrpc: "2.0", id: null, error: new RpcError(kind, { message }) }),
  };
}

const gateway = (feeder: Feeder, { maxBody }: HttpOptions): Posted => ({
  answer: (text) => feeder.addTransaction(text, maxBody),
  failure: (_kind, message) => errorBody("StarkErrorCode.MALFORMED_REQUEST", message),
});

/** Answers one HTTP request. */
export function handleHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): void {
  const url = request.url ?? "/";
  const path = url.split("?", 1)[0]!;
  const { feeder } = options;
  const notAllowed = (allowed: string): void =>
    send(
      response,
      405,
      { ...TEXT_TYPE, Allow: `${allowed}, OPTIONS` },
      `Send a ${allowed} request`,
    );
  switch (request.method) {
    case "POST":
      if (PATHS.has(path)) return readBody(request, response, options, jsonRpc(options));
      if (feeder === undefined) break;
      if (path === ADD_TRANSACTION)
        return readBody(request, response, options, gateway(feeder, options));
      if (path.startsWith("/feeder_gateway/")) return notAllowed("GET");
      break;
    case "OPTIONS":
      response.writeHead(204, PREFLIGHT).end();
      return;
    case "GET": {
      if (path === "/is_alive") return send(response, 200, TEXT_TYPE, "Alive!!!");
      if (PATHS.has(path)) return notAllowed("POST");
      if (feeder === undefined) break;
      if (path === ADD_TRANSACTION) return notAllowed("POST");
      void answerFeeder(feeder, request, response, options);
      return;
    }
  }
  notFound(response, options);
}

function notFound(response: ServerResponse, { feeder }: HttpOptions): void {
  const gateways = feeder ? ", the gateways below /feeder_gateway/ and /gateway/" : "";
  send(
    response,
    404,
    TEXT_TYPE,
    `Not found: JSON-RPC is at / and /rpc, WebSocket at /ws${gateways}`,
  );
}

function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
  posted: Posted,
): void {
  const { maxBody } = options;
  const refuse = (): void => {
    request.removeAllListeners("data").removeAllListeners("end");
    // The rest of the body is never read, so the connection has no further use.
    response.setHeader("Connection", "close");
    response.once("finish", () => request.destroy());
    const message = `Invalid request: the body is larger than ${maxBody} bytes`;
    send(response, 413, JSON_TYPE, posted.failure("INVALID_REQUEST", message));
  };
  if (Number(request.headers["content-length"] ?? 0) > maxBody) return refuse();
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBody) refuse();
    else chunks.push(chunk);
  });
  request.once("end", () => {
    const text = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)).toString();
    void answer(text, response, options, posted);
  });
}

/** Aborted when the answer is sent, or the client has gone. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  // With a reason, as an error with its stack is dear.
  response.once("close", () => gone.abort("closed"));
  return gone.signal;
}

async function answerFeeder(
  feeder: Feeder,
  { url = "/", headers }: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  if (!(await options.reads.turn(goneSignal(response)))) return;
  const path = url.split("?", 1)[0]!;
  const answer = feeder.get(path, url.slice(path.length + 1), headers[NODE_HEADER]);
  if (answer === undefined) notFound(response, options);
  else send(response, answer.status, answer.plain ? TEXT_TYPE : JSON_TYPE, answer.body);
}

async function answer(
  text: string,
  response: ServerResponse,
  { timeout }: HttpOptions,
  posted: Posted,
): Promise<void> {
  const timer = setTimeout(() => {
    const message = `No answer within ${timeout / 1000} seconds`;
    send(response, 408, JSON_TYPE, posted.failure("INTERNAL_ERROR", message));
  }, timeout).unref();
  try {
    const given = await posted.answer(text, goneSignal(response));
    if (given !== undefined) send(response, given.status, JSON_TYPE, given.body);
    else if (!response.headersSent && !response.destroyed)
      response.writeHead(204, ANY_ORIGIN).end();
  } finally {
    clearTimeout(timer);
  }
}
