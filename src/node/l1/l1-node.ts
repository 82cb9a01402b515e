/** A node that asks nobody but L1: the states that L1 has accepted, and nothing of the blocks that led there. */
import { getAddress, isAddress } from "ethers";
import type { Felt } from "../../field/felt.ts";
import { Ethereum } from "../../l1/ethereum.ts";
import {
  L1RequestError,
  L1UnavailableError,
  withoutPath,
  type Transport,
} from "../../l1/transport.ts";
import type { RpcLog } from "../../rpc/dispatcher.ts";
import { RpcError } from "../../rpc/errors.ts";
import { startStateRpc } from "../../rpc/rpc.ts";
import { openStore } from "../../state/store/open.ts";
import { untilAborted } from "../../util/until-aborted.ts";
import type { BlockSource } from "../block-source.ts";
import type { NodeEvent, RunningNode } from "../following-node.ts";
import { claimStore } from "../record.ts";
import type { NodeStage, NodeStatus } from "../status.ts";
import { L1Follower } from "./follower.ts";
import { L1Chain } from "./l1-chain.ts";
import { Polling } from "./polling.ts";
import { ContradictionError, L1NodeError } from "./problem.ts";
import { readSettlement, type Settlement } from "./settlement.ts";
import { auditStoredData } from "./stored-data.ts";
import type { Source } from "./tables.ts";

export interface L1NodeOptions {
  readonly chainId: Felt;
  /** The token that is hashed into the L2's configuration. */
  readonly feeToken: Felt;
  /** Address of the core contract. */
  readonly core: string;
  /** L1's JSON-RPC, and its URL, which users see without path and query. */
  readonly transport: Transport;
  readonly l1Url: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Seconds after which an unfinished HTTP request is given up. */
  readonly timeout: number;
  /** Folder of the node's database; in memory when undefined. */
  readonly data: string | undefined;
  /** How often L1 is looked at, in milliseconds. */
  readonly pollMs: number;
  /** Blocks of L1 that have to come after one that is believed. */
  readonly confirmations: number;
  /** Follow a core contract that asks for no proofs: take its operator's word. */
  readonly acceptUnproven: boolean;
  /** Asked for its newest block only, to say how far L1 is behind. */
  readonly feeder?: Pick<BlockSource, "head" | "announce"> | undefined;
  readonly log?: RpcLog;
}

export interface L1Node extends RunningNode {
  readonly chain: L1Chain;
  /** Looks at L1 now; resolves when that is done, and does not reject: the status says what came of it. */
  look(): Promise<void>;
}

/** How long the feeder gateway may take to say how far it is. */
const FEEDER_MS = 5_000;

const UNSUPPORTED =
  "this node follows L1 alone, which has the states of L2 after each update and no blocks, transactions, events or classes. Ask the sequencer, or a node of mode replay or l2";

/**
 * Starts a node; it serves from the initial state on. Rejects with L1NodeError, StoreError, ListenError and L1's
 * errors, and with the signal's reason where that is aborted before; then nothing is left running, but for a request
 * that L1 has not answered.
 */
export async function startL1Node(
  options: L1NodeOptions,
  onEvent: (event: NodeEvent) => void,
  signal?: AbortSignal,
): Promise<L1Node> {
  const { chainId, data, confirmations, acceptUnproven } = options;
  if (!isAddress(options.core))
    throw new L1NodeError(
      `core: expected the address of a contract on L1, got ${JSON.stringify(options.core)}`,
    );
  const core = getAddress(options.core);
  const { transport, started } = abortable(options.transport, signal);
  const ethereum = new Ethereum(transport);
  const store = await openStore(data);
  let closing = (): Promise<void> => Promise.resolve();
  try {
    claimStore(store, { mode: "l1", chainId, onTrust: acceptUnproven });
    const source: Source = { l1ChainId: await ethereum.chainId(), core };
    const ends = await auditStoredData(store, source, (number, latest) => {
      signal?.throwIfAborted();
      onEvent({ kind: "audit", number, latest });
    });
    const settlement = await readSettlement(ethereum, options);
    const chain = new L1Chain(chainId, store, ends);
    const follower = new L1Follower({
      ...{ ethereum, store, chain, source, settlement, confirmations, onEvent },
    });
    await follower.open();
    started();
    const state = new Following(options, settlement, chain, follower, onEvent);
    closing = () => state.stop();
    const server = await startStateRpc(state, options, UNSUPPORTED);
    const url = `${server.origin}/rpc`;
    options.feeder?.announce?.(url);
    return {
      url,
      chain,
      status: state.status,
      look: () => state.look(),
      async close() {
        await server.close();
        await state.stop();
        store.close();
      },
    };
  } catch (error) {
    await closing();
    store.close();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Until the node has started, the signal ends what it asks of L1; afterwards it ends by `close`. */
function abortable(
  transport: Transport,
  signal: AbortSignal | undefined,
): { readonly transport: Transport; started(): void } {
  let starting = signal;
  return {
    transport: {
      request: (request) => untilAborted(transport.request(request), starting),
    },
    started: () => (starting = undefined),
  };
}

/** What the RPC sees: the chain, unless L1 does not stand by it, and how far it is. */
class Following {
  readonly #options: L1NodeOptions;
  readonly #settlement: Settlement;
  readonly #chain: L1Chain;
  readonly #follower: L1Follower;
  readonly #onEvent: (event: NodeEvent) => void;
  readonly #polling: Polling;
  readonly #started: { number: number; hash: Felt };
  #stage: NodeStage = "catching up";
  #problem: string | undefined;
  #contradiction: ContradictionError | undefined;
  #l2Head: number | undefined;

  constructor(
    options: L1NodeOptions,
    settlement: Settlement,
    chain: L1Chain,
    follower: L1Follower,
    onEvent: (event: NodeEvent) => void,
  ) {
    this.#options = options;
    this.#settlement = settlement;
    this.#chain = chain;
    this.#follower = follower;
    this.#onEvent = onEvent;
    this.#started = chain.newest!;
    this.#polling = new Polling({
      pollMs: options.pollMs,
      round: () => this.#round(),
      succeeded: () => this.#succeeded(),
      failed: (error) => this.#failed(error),
    });
  }

  /** Throws RpcError where nothing may be answered. */
  get chain(): L1Chain {
    if (this.#contradiction === undefined) return this.#chain;
    throw new RpcError("UNEXPECTED_ERROR", { data: this.#contradiction.message });
  }

  readonly syncing = () => {
    const [current, highest] = [this.#chain.newest!, this.#follower.head];
    if (highest === undefined || highest.number <= current.number) return undefined;
    return { starting: this.#started, current, highest };
  };

  readonly status = (): NodeStatus => {
    const { number, hash, root } = this.#chain.newest!;
    const head = this.#l2Head ?? this.#follower.head?.number;
    return {
      mode: "l1",
      stage: this.#stage,
      source: withoutPath(this.#options.l1Url),
      latest: number < 0 ? undefined : { number, hash, stateRoot: root },
      head,
      latestOnL1: number < 0 ? undefined : number,
      problem: this.#problem,
      l1: {
        core: this.#options.core,
        block: this.#follower.l1Block,
        proven: this.#settlement.registry !== undefined,
      },
    };
  };

  look(): Promise<void> {
    return this.#polling.now();
  }

  stop(): Promise<void> {
    this.#follower.stop();
    return this.#polling.stop();
  }

  async #round(): Promise<void> {
    await Promise.all([this.#follower.look(), this.#askFeeder()]);
  }

  async #askFeeder(): Promise<void> {
    const { feeder } = this.#options;
    try {
      this.#l2Head = (await feeder?.head(AbortSignal.timeout(FEEDER_MS)))?.number;
    } catch {
      // How far L2 is, is then unknown; nothing else depends on it.
      this.#l2Head = undefined;
    }
  }

  #succeeded(): void {
    if (this.#problem !== undefined) this.#onEvent({ kind: "recovered" });
    if (this.#stage !== "following")
      this.#onEvent({ kind: "current", number: this.#chain.newest!.number });
    this.#stage = "following";
    this.#problem = undefined;
    this.#contradiction = undefined;
  }

  /** L1 that is away is away; anything else must not be followed. Either is tried again: reorgs and faults pass. */
  #failed(error: unknown): void {
    const away = error instanceof L1UnavailableError || error instanceof L1RequestError;
    const expected = away || error instanceof L1NodeError;
    const message = expected
      ? error.message
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (!away) this.#stage = "stopped";
    if (error instanceof ContradictionError) this.#contradiction = error;
    if (message !== this.#problem)
      this.#onEvent({ kind: "problem", message, stopped: this.#stage === "stopped" });
    this.#problem = message;
  }
}
