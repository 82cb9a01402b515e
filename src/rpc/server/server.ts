/** The server: HTTP and WebSocket at one port. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ChainView } from "../../starknet/chain-view.ts";
import { ListenError } from "../../util/listen-error.ts";
import { silentLog, type Client, type RpcLog } from "../dispatcher.ts";
import type { Feeder } from "../feeder/feeder.ts";
import type { ReadShare } from "../read-share.ts";
import type { Subscriber } from "../subscriptions/subscriber.ts";
import { handleHttp } from "./http.ts";
import { serveSocket } from "./websocket.ts";

export interface ServerLimits {
  /** Bytes of an HTTP body or a WebSocket message; declared classes have some MB. */
  readonly maxBody: number;
  readonly maxConnections: number;
  /** Milliseconds in which a client must have sent its request's headers. */
  readonly headersTimeout: number;
  /** Milliseconds for which an idle connection is kept. */
  readonly keepAliveTimeout: number;
  /** Bytes that may wait for a WebSocket client to read them. */
  readonly maxBacklog: number;
  /** Requests of a WebSocket client that are worked on at a time. */
  readonly socketConcurrency: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  maxBody: 16 << 20,
  maxConnections: 4096,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  maxBacklog: 64 << 20,
  socketConcurrency: 32,
};

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Seconds for a request, and for its answer. */
  readonly timeout: number;
  /** What WebSocket clients can subscribe to; without it there is no WebSocket. */
  readonly chain: ChainView | undefined;
  readonly subscribers: Set<Subscriber>;
  /** Absent where there are no gateways. */
  readonly feeder?: Feeder;
  readonly limits?: Partial<ServerLimits>;
  readonly log?: RpcLog;
  /** The process may end while it listens. */
  readonly background?: boolean;
  /** When notifications and the gateways' reads go out. */
  readonly reads: ReadShare;
  answer(text: string, client: Client): Promise<string | undefined>;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, as a URL has it. */
  readonly origin: string;
  /** Stops to listen and ends all connections at once. */
  close(): Promise<void>;
}

/** How often Node looks for connections that are past their time, in milliseconds. */
const CHECK_INTERVAL = 2000;

/** Rejects with ListenError. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
  const timeout = options.timeout * 1000;
  const http = createServer(
    {
      headersTimeout: limits.headersTimeout,
      requestTimeout: Math.max(timeout, limits.headersTimeout),
      keepAliveTimeout: limits.keepAliveTimeout,
      connectionsCheckingInterval: CHECK_INTERVAL,
      noDelay: true,
      // Offers of other protocols, as of h2c, are overlooked (RFC 9110 §7.8).
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
    },
    (request, response) =>
      handleHttp(request, response, {
        maxBody: limits.maxBody,
        timeout,
        ...(options.feeder && { feeder: options.feeder }),
        reads: options.reads,
        answer: (text, gone) => options.answer(text, { gone }),
      }),
  );
  http.maxConnections = limits.maxConnections;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.maxBody });
  http.on("upgrade", (request, socket: Duplex, head) => {
    socket.on("error", () => undefined);
    const { chain } = options;
    if (chain === undefined || (request.url ?? "").split("?", 1)[0] !== "/ws") {
      const answer = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      // A client that keeps its side open would be open for ever: the HTTP server has let go of it.
      socket.end(answer, () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      serveSocket(webSocket, {
        chain,
        subscribers: options.subscribers,
        maxBacklog: limits.maxBacklog,
        maxConcurrency: limits.socketConcurrency,
        log: options.log ?? silentLog,
        reads: options.reads,
        answer: options.answer,
      }),
    );
  });
  if (options.background) {
    http.unref();
    http.on("connection", (socket) => socket.unref());
  }
  await listen(http, options.host, options.port);
  const { host } = options;
  const { port } = http.address() as AddressInfo;
  return {
    host,
    port,
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: () => close(http, sockets),
  };
}

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) =>
      reject(new ListenError("L2", host, port, "--port", error)),
    );
    http.listen({ host, port }, () => {
      http.removeAllListeners("error");
      resolve();
    });
  });
}

async function close(http: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    http.close(() => resolve());
  });
  for (const client of sockets.clients) {
    client.close(1001, "the server stops");
    client.terminate();
  }
  sockets.close();
  http.closeAllConnections();
  await closed;
}
