/** The JSON-RPC of a node, and of a devnet: methods, dispatcher, journal and server put together. */
import { DEFAULT_LIMITS, Dispatcher, silentLog, type RpcLog } from "./dispatcher.ts";
import { RpcError } from "./errors.ts";
import type { FeederContext } from "./feeder/endpoints.ts";
import { Feeder } from "./feeder/feeder.ts";
import { Followers } from "./feeder/followers.ts";
import { Journal, runEntries, type JournalEntry, type JournalOptions } from "./journal.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import type { DevnetContext, Method, RpcContext, StateContext } from "./method.ts";
import { DEVNET_METHODS, STARKNET_METHODS, STATE_METHODS } from "./methods/index.ts";
import { getNodeStatus, type NodeContext } from "./methods/node/get-status.ts";
import { unsupported } from "./methods/unsupported.ts";
import { messageEntry } from "./methods/devnet/postman.ts";
import { ReadShare } from "./read-share.ts";
import { startServer, type RunningServer, type ServerLimits } from "./server/server.ts";
import type { Subscriber } from "./subscriptions/subscriber.ts";

export interface RpcOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Seconds for a request, and for its answer. */
  readonly timeout: number;
  /** Names of methods that are answered as forbidden. */
  readonly restricted?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  readonly log?: RpcLog;
  /** The process may end while it listens. */
  readonly background?: boolean;
}

export interface DevnetRpcOptions extends RpcOptions, JournalOptions {
  /** A dump to run before anybody is served; it becomes the journal. */
  readonly dump?: readonly JournalEntry[];
}

const dispatcherOptions = ({ restricted, log, timeout }: RpcOptions) => ({
  limits: { ...DEFAULT_LIMITS, batchTime: timeout * 1000 },
  ...(restricted ? { restricted } : {}),
  ...(log ? { log } : {}),
});

/** Serves the Starknet API of a node that has all blocks, and its status. Rejects with ListenError. */
export const startNodeRpc = (
  context: RpcContext & NodeContext,
  options: RpcOptions,
): Promise<RunningServer> =>
  serve<RpcContext & NodeContext>(
    context,
    [...STARKNET_METHODS, getNodeStatus],
    options,
    context.chain,
  );

/**
 * Serves what can be answered from states alone, without WebSocket: there is nothing to subscribe to. Rejects with
 * ListenError.
 *
 * @param reason what the other standard methods say of this node
 */
export const startStateRpc = (
  context: StateContext & NodeContext,
  options: RpcOptions,
  reason: string,
): Promise<RunningServer> => {
  const answered = new Set(STATE_METHODS.map(({ name }) => name));
  const others = STARKNET_METHODS.filter(({ name }) => !answered.has(name));
  const methods = others.map((other) => unsupported(other, reason));
  return serve<StateContext & NodeContext>(
    context,
    [...STATE_METHODS, getNodeStatus, ...methods],
    options,
    undefined,
  );
};

function serve<Context>(
  context: Context,
  methods: readonly Method<Context>[],
  options: RpcOptions,
  chain: ChainView | undefined,
): Promise<RunningServer> {
  const reads = new ReadShare();
  // A block that the node has taken is what its own work is made of.
  chain?.subscribe(() => reads.transaction());
  const dispatcher = new Dispatcher({ context, methods, reads, ...dispatcherOptions(options) });
  return startServer({
    ...options,
    chain,
    reads,
    subscribers: new Set<Subscriber>(),
    answer: (text, client) => dispatcher.answer(text, client),
  });
}

export interface DevnetRpc extends RunningServer {
  /** Writes the journal, where the mode is `exit`, and stops. */
  close(): Promise<void>;
}

/**
 * Serves the Starknet API, the `devnet_*` methods and Starknet's gateways. Rejects with ListenError, and with RpcError where the dump
 * fails; the file of a dump that fails stays as it is.
 */
export async function startDevnetRpc(
  base: RpcContext &
    Pick<DevnetContext, "control" | "l1"> &
    Pick<FeederContext, "signer" | "l1Contracts">,
  options: DevnetRpcOptions,
): Promise<DevnetRpc> {
  const journal = new Journal(options);
  const log = options.log ?? silentLog;
  /** For changes of the journal that no request waits for. */
  const logFailure = (change: Promise<void>): void =>
    void change.catch((error: unknown) => log.error("the dump cannot be written", error));
  const followers = new Followers();
  const context: DevnetContext = { ...base, journal, followers, subscribers: new Set() };
  const methods: readonly Method<DevnetContext>[] = [...STARKNET_METHODS, ...DEVNET_METHODS];
  const reads = new ReadShare();
  let recording = false;
  const dispatcher = new Dispatcher({
    context,
    methods,
    reads,
    ...dispatcherOptions(options),
    onMutation: (request) => (recording ? journal.record(request) : undefined),
  });
  if (options.dump !== undefined) {
    await runEntries(options.dump, (method, params) => dispatcher.run(method, params));
    await journal.resume(options.dump);
  }
  recording = true;
  base.control.subscribeToSnapshots({
    taken: (id) => journal.mark(id),
    reverted: (id) => logFailure(journal.truncate(id)),
  });
  // A message of L1 is no request: the dump has it as one that was sent by hand.
  const unsubscribe = context.chain.subscribe((event) => {
    reads.transaction();
    if (event.kind !== "preConfirmed" || event.transaction.type !== "L1_HANDLER") return;
    logFailure(journal.record({ ...messageEntry(event.transaction), id: null }));
  });
  // A transaction that comes by the gateway is the same request, for the dump and for the restrictions.
  const run = (method: string, params: unknown): Promise<unknown> => {
    if (options.restricted?.includes(method)) throw new RpcError("METHOD_FORBIDDEN");
    return dispatcher.run(method, params);
  };
  const server = await startServer({
    ...options,
    chain: context.chain,
    reads,
    subscribers: context.subscribers,
    feeder: new Feeder(base, run, log, followers),
    answer: (text, client) => dispatcher.answer(text, client),
  });
  return {
    ...server,
    async close() {
      unsubscribe();
      await server.close();
      if (options.dumpOn === "exit") await journal.write();
    },
  };
}
