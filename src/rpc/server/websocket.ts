/** JSON-RPC over a WebSocket: requests in any order, answers, and notifications. */
import type { RawData, WebSocket } from "ws";
import type { ChainView } from "../../starknet/chain-view.ts";
import type { Client, RpcLog } from "../dispatcher.ts";
import type { ReadShare } from "../read-share.ts";
import { Subscriber, type Outlet } from "../subscriptions/subscriber.ts";

export interface SocketOptions {
  readonly chain: ChainView;
  /** Where connected clients are kept. */
  readonly subscribers: Set<Subscriber>;
  /** Bytes that wait to be sent; a client that lets more pile up is dropped. */
  readonly maxBacklog: number;
  /** Requests of one client that are worked on at a time. */
  readonly maxConcurrency: number;
  readonly log: RpcLog;
  /** When notifications go out. */
  readonly reads: ReadShare;
  answer(text: string, client: Client): Promise<string | undefined>;
}

/** WebSocket close code "try again later" (IANA registry): the client read too slowly. */
const TOO_SLOW = 1013;

function outletOf(socket: WebSocket, { maxBacklog, log }: SocketOptions): Outlet {
  return {
    get open() {
      return socket.readyState === socket.OPEN;
    },
    fail(error) {
      log.error("a subscription failed unexpectedly", error);
      socket.terminate();
    },
    send(text) {
      if (socket.readyState !== socket.OPEN) return Promise.resolve();
      if (socket.bufferedAmount > maxBacklog) {
        socket.close(TOO_SLOW, "too slow a reader");
        // A reader that is slow would not read the close frame either.
        socket.terminate();
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        socket.send(text, () => resolve());
      });
    },
  };
}

const toText = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();

/** Serves one client until its connection ends. */
export function serveSocket(socket: WebSocket, options: SocketOptions): void {
  const outlet = outletOf(socket, options);
  const gone = new AbortController();
  const subscriber = new Subscriber(options.chain, outlet, (): Promise<boolean> =>
    options.reads.turn(gone.signal),
  );
  options.subscribers.add(subscriber);
  let working = 0;

  const onMessage = async (data: RawData): Promise<void> => {
    if (++working >= options.maxConcurrency) socket.pause();
    const session = subscriber.session();
    const answer = await options.answer(toText(data), { session, gone: gone.signal });
    if (answer !== undefined) void outlet.send(answer);
    // Frames keep their order: the client knows a subscription's id before its first notification.
    session.announce();
    if (--working < options.maxConcurrency && socket.isPaused) socket.resume();
  };
  socket.on("message", (data) => void onMessage(data));
  // A malformed frame or one above the limit: ws closes the connection by itself.
  socket.on("error", () => undefined);
  socket.once("close", () => {
    gone.abort();
    subscriber.clear();
    options.subscribers.delete(subscriber);
  });
}
