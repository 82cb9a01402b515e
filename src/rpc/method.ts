/** Methods as data: a name, the schemas of the parameters in their order, and what answers them. */
import type { ChainView, StateView } from "../starknet/chain-view.ts";
import type { Gateway } from "../sequencer/gateway.ts";
import type { DevnetControl } from "./control.ts";
import { RpcError } from "./errors.ts";
import type { ExecutionService } from "./execution-service.ts";
import type { Followers } from "./feeder/followers.ts";
import type { Journal } from "./journal.ts";
import type { L1Control } from "./l1-control.ts";
import type { Members, ParsedMembers } from "./schema/schema.ts";
import type { Session, Subscriber } from "./subscriptions/subscriber.ts";

/** State of one message that an L1 transaction sent to L2. */
export interface MessageStatus {
  readonly transactionHash: bigint;
  readonly finality: "PRE_CONFIRMED" | "ACCEPTED_ON_L2" | "ACCEPTED_ON_L1";
  readonly revertReason: string | undefined;
}

/** A block as a node that catches up names it. */
export interface SyncedBlock {
  readonly number: number;
  readonly hash: bigint;
}

/** How far a node is that is behind. */
export interface SyncProgress {
  readonly starting: SyncedBlock;
  readonly current: SyncedBlock;
  readonly highest: SyncedBlock;
}

/** What methods work on that ask for states only. */
export interface StateContext {
  readonly chain: StateView;
  /** Undefined for a chain that is at its own head. */
  syncing?(): SyncProgress | undefined;
}

/** What methods work on. */
export interface RpcContext extends StateContext {
  readonly chain: ChainView;
  readonly gateway: Gateway;
  readonly execution: ExecutionService;
  /** Messages of an L1 transaction (256 bit hash) in their order; undefined for an unknown one. */
  messagesStatus?(l1TransactionHash: bigint): readonly MessageStatus[] | undefined;
}

/** What the `devnet_*` methods work on. */
export interface DevnetContext extends RpcContext {
  readonly control: DevnetControl;
  /** Undefined for a devnet without an L1. */
  readonly l1: L1Control | undefined;
  readonly journal: Journal;
  /** Nodes that follow this sequencer. */
  readonly followers: Followers;
  /** WebSocket clients that are connected. */
  readonly subscribers: Set<Subscriber>;
}

/** The request that a method answers. */
export interface Call {
  /** The client's subscriptions, where it listens for notifications. */
  readonly session?: Session;
  /** Runs another method with parameters as JSON; rejects with what it throws. */
  run(method: string, params: unknown): Promise<unknown>;
}

/** What a table of methods needs to know of one. `Context` is contravariant in `handle`. */
export interface Method<Context> {
  readonly name: string;
  readonly parameters: Members;
  /** It changes the chain: a dump has to repeat it. */
  readonly mutates?: true;
  /** Answers only clients that listen for notifications. */
  readonly needsSession?: true;
  /** A JSON value, at once or later. */
  handle(context: Context, params: never, call: Call): unknown;
}

/** States a method; types of the parameters follow from the schemas. */
export const method = <M extends Members, Context = RpcContext>(definition: {
  readonly name: string;
  readonly parameters: M;
  readonly mutates?: true;
  readonly needsSession?: true;
  handle(context: Context, params: ParsedMembers<M>, call: Call): unknown;
}): Method<Context> => definition;

/** The same for a method that asks for states only. */
export const stateMethod = <M extends Members>(
  definition: Parameters<typeof method<M, StateContext>>[0],
): Method<StateContext> => method<M, StateContext>(definition);

/** The devnet's L1. Throws RpcError where it has none. */
export function l1Of({ l1 }: DevnetContext): L1Control {
  if (l1 === undefined) throw new RpcError("OTHER", { message: "this devnet runs without an L1" });
  return l1;
}

/** The same for a method of a devnet. */
export const devnetMethod = <M extends Members>(
  definition: Parameters<typeof method<M, DevnetContext>>[0],
): Method<DevnetContext> => method<M, DevnetContext>(definition);
