/** What the core contract's logs say of state updates, without the state diff. */
import type { Felt } from "../../field/felt.ts";
import { contractInterface } from "../../l1/artifacts.ts";
import type { L1Log } from "../../l1/ethereum.ts";
import type { L1Place } from "../../l1/events.ts";
import { L1NodeError } from "./problem.ts";

/** A state update that the core contract has accepted. */
export interface UpdateEvent {
  /** Of the last of its three logs. */
  readonly place: L1Place;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** After the last block, as `lastHash`. */
  readonly root: Felt;
  readonly lastHash: Felt;
  /** Of the program's output, without the program (src/starknet/output/facts.ts). */
  readonly outputFact: bigint;
  readonly dataSize: number;
  /** Whether the state diff is in the calldata of the transaction. */
  readonly inCalldata: boolean;
}

const core = contractInterface("StarknetCore");
const NAMES = ["LogStateTransitionFact", "LogStateUpdate", "LogStateUpdateData"] as const;

/** Topics of the logs that make an update. */
export const UPDATE_TOPICS: readonly string[] = NAMES.map((name) => core.getEvent(name)!.topicHash);

/** The update's three logs, as an update writes them; the last two follow each other. */
interface Parts {
  fact?: bigint;
  state?: {
    readonly log: L1Log;
    readonly root: bigint;
    readonly number: bigint;
    readonly hash: bigint;
  };
}

/**
 * The updates that logs of one contract make, in their order. Throws L1NodeError where logs are missing or of
 * another contract.
 */
export function readUpdates(logs: readonly L1Log[], address: string): UpdateEvent[] {
  const updates: UpdateEvent[] = [];
  let parts: Parts = {};
  let transaction: string | undefined;
  for (const log of inOrder(logs, address)) {
    const place = `${log.blockHash}:${log.transactionHash}`;
    if (place !== transaction) {
      if (parts.fact !== undefined || parts.state !== undefined) incomplete(log);
      [parts, transaction] = [{}, place];
    }
    const { name, args } = core.parseLog({ topics: [...log.topics], data: log.data })!;
    if (name === "LogStateTransitionFact") {
      if (parts.fact !== undefined || parts.state !== undefined) incomplete(log);
      parts.fact = BigInt(args[0] as string);
    } else if (name === "LogStateUpdate") {
      if (parts.fact === undefined || parts.state !== undefined) incomplete(log);
      const [root, number, hash] = args as unknown as [bigint, bigint, bigint];
      parts.state = { log, root, number, hash };
    } else {
      updates.push(updateOf(log, args.toObject(), parts));
      parts = {};
    }
  }
  if (parts.fact !== undefined || parts.state !== undefined) incomplete(logs.at(-1)!);
  return updates;
}

function* inOrder(logs: readonly L1Log[], address: string): Iterable<L1Log> {
  let before: L1Log | undefined;
  for (const log of logs) {
    if (BigInt(log.address) !== BigInt(address) || !UPDATE_TOPICS.includes(log.topics[0] ?? ""))
      throw new L1NodeError(
        `L1 answers with a log of ${log.address} where only updates of the core contract ${address} were asked for`,
      );
    const later =
      before === undefined ||
      log.blockNumber > before.blockNumber ||
      (log.blockNumber === before.blockNumber && log.logIndex > before.logIndex);
    if (!later)
      throw new L1NodeError("L1 answers with logs that are not in the order of its blocks");
    yield (before = log);
  }
}

function updateOf(log: L1Log, args: Record<string, unknown>, { fact, state }: Parts): UpdateEvent {
  if (fact === undefined || state === undefined) return incomplete(log);
  const [root, last] = [args["globalRoot"], args["lastBlockNumber"]] as [bigint, bigint];
  if (state.log.logIndex + 1 !== log.logIndex || state.root !== root || state.number !== last)
    return incomplete(log);
  const { blockNumber, blockHash, transactionHash, logIndex } = log;
  return {
    place: { blockNumber, blockHash, transactionHash, logIndex },
    firstBlock: Number(args["firstBlockNumber"]),
    lastBlock: Number(last),
    root,
    lastHash: state.hash,
    outputFact: fact,
    dataSize: Number(args["onchainDataSize"]),
    inCalldata: args["inCalldata"] as boolean,
  };
}

function incomplete({ transactionHash, blockNumber }: L1Log): never {
  throw new L1NodeError(
    `L1 shows only a part of what the update in its block ${blockNumber} logged (up to transaction ${transactionHash})`,
  );
}
