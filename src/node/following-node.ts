/** A node that follows a sequencer: by executing its blocks again (`replay`), or by its state diffs (`l2`). */
import type { Felt } from "../field/felt.ts";
import { createExecutionService } from "../rpc/chain-execution.ts";
import type { RpcLog } from "../rpc/dispatcher.ts";
import { startNodeRpc } from "../rpc/rpc.ts";
import { DEFAULT_CLASS_LIMITS, prepareSimulated } from "../sequencer/admission.ts";
import { Chain } from "../sequencer/chain.ts";
import { ClassLibrary } from "../sequencer/class-library.ts";
import { ETH_TOKEN, STRK_TOKEN } from "../starknet/addresses.ts";
import { contextOf } from "../starknet/block.ts";
import { SierraCompiler } from "../starknet/class/compiler/compile.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { ChainState } from "../state/chain-state.ts";
import { openStore } from "../state/store/open.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { untilAborted } from "../util/until-aborted.ts";
import { adoptAsClaimed, checkClaims } from "./adopt.ts";
import { audit } from "./audit.ts";
import type { BlockSource, SourceBlock } from "./block-source.ts";
import { classesOf } from "./classes.ts";
import { Follower, LONGEST_RETRY_MS, type FollowerEvent } from "./follower.ts";
import { readOnlyGateway } from "./read-only-gateway.ts";
import { claimStore } from "./record.ts";
import { openOn, replay } from "./replay.ts";
import type { NodeStatus } from "./status.ts";

export interface FollowingOptions {
  readonly mode: "replay" | "l2";
  readonly chainId: Felt;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Seconds after which an unfinished HTTP request is given up. */
  readonly timeout: number;
  /** Folder of the node's database; in memory when undefined. */
  readonly data: string | undefined;
  /** How often the source is asked, in milliseconds. */
  readonly pollMs: number;
  /** Longest wait after failures, in milliseconds. */
  readonly longestRetryMs?: number;
  /** `replay` takes blocks that were written by `devnet_applyStateDiff` as they are. */
  readonly acceptWritten: boolean;
  readonly log?: RpcLog;
}

export type NodeEvent =
  FollowerEvent | { readonly kind: "audit"; readonly number: number; readonly latest: number };

/** A node that runs, whatever its mode. */
export interface RunningNode {
  readonly url: string;
  status(): NodeStatus;
  close(): Promise<void>;
}

export interface FollowingNode extends RunningNode {
  readonly chain: Chain;
}

/**
 * Starts a node; it serves as soon as it has a block. Rejects with StoreError and ListenError, and with the signal's
 * reason where that is aborted before; then nothing is left running.
 */
export async function startFollowingNode(
  options: FollowingOptions,
  source: BlockSource,
  onEvent: (event: NodeEvent) => void,
  signal?: AbortSignal,
): Promise<FollowingNode> {
  const store = await openStore(options.data);
  const compiler = new SierraCompiler();
  let follower: Follower | undefined;
  const close = async (): Promise<void> => {
    await follower?.stop();
    await compiler.close();
    store.close();
  };
  try {
    const { mode, chainId, acceptWritten } = options;
    // All states of a node of mode l2 are the sequencer's word: the mode says so.
    claimStore(store, { mode, chainId, onTrust: mode === "replay" && acceptWritten });
    await audit(store, chainId, (number, latest) => {
      signal?.throwIfAborted();
      onEvent({ kind: "audit", number, latest });
    });
    const { chain, environment, library } = openChain(store, chainId);
    const take = taker(options, { chain, environment, library, compiler, source });
    const { pollMs, longestRetryMs = LONGEST_RETRY_MS } = options;
    follower = new Follower({ chain, source, take, pollMs, longestRetryMs, onEvent });
    await untilAborted(follower.hasBlock, signal);
    const status = (): NodeStatus => statusOf(options, chain, source, follower!);
    const server = await startNodeRpc(
      {
        chain,
        gateway: readOnlyGateway(chain, `the sequencer (${source.url})`),
        execution: createExecutionService({
          chain,
          environment,
          prepareClass: (submission) =>
            prepareSimulated(submission, () => chain.state.latest(), library, {
              classLimits: DEFAULT_CLASS_LIMITS,
              compile: (sierra) => compiler.compile(sierra),
            }),
        }),
        syncing: () => syncProgress(chain, follower!),
        status,
      },
      options,
    );
    const url = `${server.origin}/rpc`;
    source.announce?.(url);
    return {
      url,
      chain,
      status,
      async close() {
        await server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    signal?.throwIfAborted();
    throw error;
  }
}

interface Execution {
  readonly chain: Chain;
  readonly environment: ExecutionEnvironment;
  readonly library: ClassLibrary;
}

function openChain(store: KeyValueStore, chainId: Felt): Execution {
  const chain: Chain = new Chain(chainId, store, new ChainState(store), () => {
    // Nothing is known of what the sequencer is about to do: the open block is an empty one.
    const latest = chain.latest();
    const timestamp = Math.max(latest.timestamp, Math.floor(Date.now() / 1000));
    const context = { ...contextOf(latest), number: latest.number + 1, timestamp };
    return openOn(chain, context, environment);
  });
  const library = new ClassLibrary((classHash) => chain.storedClass(classHash));
  const environment: ExecutionEnvironment = {
    chainId,
    feeTokens: { strk: STRK_TOKEN, eth: ETH_TOKEN },
    classes: library,
  };
  return { chain, environment, library };
}

interface TakerParts extends Execution {
  readonly compiler: SierraCompiler;
  readonly source: BlockSource;
}

/** What the mode does with a block. */
function taker(
  { mode, acceptWritten }: FollowingOptions,
  { chain, environment, library, compiler, source }: TakerParts,
): (block: SourceBlock, signal: AbortSignal) => Promise<void> {
  const executes = mode === "replay";
  const compile = (sierra: SierraClass) => compiler.compile(sierra);
  return async (claimed, signal) => {
    checkClaims(claimed.block, chain);
    const classes = await classesOf(claimed, { chain, source, compile }, signal);
    if (executes) await replay({ chain, environment, library, acceptWritten }, claimed, classes);
    else adoptAsClaimed(chain, claimed, classes);
    chain.emit({ kind: "block", block: claimed.block });
  };
}

function statusOf(
  { mode }: FollowingOptions,
  chain: Chain,
  source: BlockSource,
  follower: Follower,
): NodeStatus {
  const { stage, head, problem } = follower;
  return {
    mode,
    stage,
    source: source.url,
    latest: chain.isEmpty ? undefined : chain.latest(),
    head: head?.number,
    latestOnL1: chain.latestOnL1(),
    problem,
  };
}

/** Undefined for a node that is at the head, as far as it knows. */
function syncProgress(chain: Chain, { startedAt, head }: Follower) {
  const current = chain.latest();
  if (head === undefined || head.number <= current.number) return undefined;
  const starting = chain.header(Math.min(startedAt ?? 0, current.number))!;
  return { starting, current, highest: head };
}
