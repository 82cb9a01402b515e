/** JSON-RPC over HTTP: POST on `/` and `/rpc`, and the liveness probe. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { RpcError } from "../errors.ts";

export interface HttpOptions {
  /** Bytes of a request's body. */
  readonly maxBody: number;
  /** Milliseconds for the answer, from the end of the request on. */
  readonly timeout: number;
  answer(text: string): Promise<string | undefined>;
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

function send(response: ServerResponse, status: number, headers: object, body: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

const sendError = (response: ServerResponse, status: number, error: RpcError): void =>
  send(response, status, JSON_TYPE, JSON.stringify({ jsonrpc: "2.0", id: null, error }));

/** Answers one HTTP request. */
export function handleHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): void {
  const path = (request.url ?? "/").split("?", 1)[0]!;
  switch (request.method) {
    case "POST":
      if (PATHS.has(path)) return readBody(request, response, options);
      break;
    case "OPTIONS":
      response.writeHead(204, PREFLIGHT).end();
      return;
    case "GET":
      if (path === "/is_alive") return send(response, 200, TEXT_TYPE, "Alive!!!");
      if (PATHS.has(path)) {
        return send(response, 405, { ...TEXT_TYPE, Allow: "POST, OPTIONS" }, "Send a POST request");
      }
  }
  send(response, 404, TEXT_TYPE, "Not found: JSON-RPC is at / and /rpc, WebSocket at /ws");
}

function readBody(request: IncomingMessage, response: ServerResponse, options: HttpOptions): void {
  const { maxBody } = options;
  const refuse = (): void => {
    request.removeAllListeners("data").removeAllListeners("end");
    // The rest of the body is never read, so the connection has no further use.
    response.setHeader("Connection", "close");
    response.once("finish", () => request.destroy());
    sendError(
      response,
      413,
      new RpcError("INVALID_REQUEST", {
        message: `Invalid request: the body is larger than ${maxBody} bytes`,
      }),
    );
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
    void answer(text, response, options);
  });
}

async function answer(text: string, response: ServerResponse, options: HttpOptions): Promise<void> {
  const timer = setTimeout(() => {
    sendError(
      response,
      408,
      new RpcError("INTERNAL_ERROR", {
        message: `No answer within ${options.timeout / 1000} seconds`,
      }),
    );
  }, options.timeout).unref();
  try {
    const body = await options.answer(text);
    if (body !== undefined) send(response, 200, JSON_TYPE, body);
    else if (!response.headersSent) response.writeHead(204, ANY_ORIGIN).end();
  } finally {
    clearTimeout(timer);
  }
}
