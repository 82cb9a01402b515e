/** The state with which the core contract began, as L1 tells it (docs/l1.md, Following from L1). */
import type { Felt } from "../../field/felt.ts";
import { contractInterface } from "../../l1/artifacts.ts";
import type { Ethereum, L1Log } from "../../l1/ethereum.ts";
import { logRanges } from "../../l1/log-ranges.ts";
import { L1RequestError } from "../../l1/transport.ts";
import { toHex } from "../../util/hex.ts";
import { L1NodeError } from "./problem.ts";
import type { End } from "./tables.ts";

export interface InitialState {
  readonly end: End;
  /** Words that somebody told, one telling after the other: one of them gives the root, if any does. */
  readonly tellings: AsyncGenerator<readonly Felt[]>;
}

const core = contractInterface("StarknetCore");
const TOPICS = ["LogInitialState", "LogInitialStateDiff"].map(
  (name) => core.getEvent(name)!.topicHash,
);

/** State diff of an L2 before its first block. */
const NO_STATE: readonly Felt[] = [0n, 0n];

/** @param to last block of L1 that is looked at. Rejects with L1NodeError and L1's errors. */
export async function findInitialState(
  ethereum: Ethereum,
  address: string,
  to: number,
): Promise<InitialState> {
  const logs = initialLogs(ethereum, address, await deploymentBlock(ethereum, address, to), to);
  const { value } = await logs.next();
  if (value === undefined || value.name !== "LogInitialState")
    throw new L1NodeError(
      `the contract ${address} does not log with which state it began: it is no core contract of this version`,
    );
  const { blockNumber, blockHash, transactionHash, logIndex } = value.log;
  const [root, number, hash] = value.args as [bigint, bigint, bigint];
  const end: End = {
    first: Number(number),
    number: Number(number),
    hash,
    root,
    place: { blockNumber, blockHash, transactionHash, logIndex },
  };
  return { end, tellings: tellingsOf(logs, root) };
}

interface InitialLog {
  readonly log: L1Log;
  readonly name: string;
  readonly args: readonly unknown[];
}

async function* initialLogs(
  ethereum: Ethereum,
  address: string,
  from: number,
  to: number,
): AsyncGenerator<InitialLog, undefined> {
  for await (const { logs } of logRanges(ethereum, address, from, to, TOPICS)) {
    for (const log of logs) {
      const parsed = core.parseLog({ topics: [...log.topics], data: log.data });
      if (BigInt(log.address) !== BigInt(address) || parsed === null) continue;
      yield { log, name: parsed.name, args: parsed.args };
    }
  }
}

async function* tellingsOf(
  logs: AsyncGenerator<InitialLog, undefined>,
  root: Felt,
): AsyncGenerator<readonly Felt[]> {
  if (root === 0n) yield NO_STATE;
  let words: bigint[] = [];
  let wanted = 0n;
  for await (const { name, args } of logs) {
    if (name !== "LogInitialStateDiff") continue;
    const [offset, size, part] = args as [bigint, bigint, Iterable<bigint>];
    if (offset === 0n) [words, wanted] = [[], size];
    if (offset !== BigInt(words.length) || size !== wanted) continue;
    words = [...words, ...part];
    if (BigInt(words.length) === wanted) yield words;
  }
}

/** Says that no telling gave the root. */
export const untold = ({ number, root }: End, address: string): L1NodeError =>
  new L1NodeError(
    `the core contract ${address} began with block ${number} and root ${toHex(root)}, and L1 does not have that state: its operator has to tell it (publishInitialState), as a devnet of this version does when it deploys the contract`,
  );

/** The first block in which the contract has code; 0 where L1 does not answer for old blocks. */
async function deploymentBlock(ethereum: Ethereum, address: string, to: number): Promise<number> {
  let [without, withCode] = [-1, to];
  try {
    while (withCode - without > 1) {
      const middle = (without + withCode) >> 1;
      if ((await ethereum.code(address, middle)) === "0x") without = middle;
      else withCode = middle;
    }
  } catch (error) {
    // A node without an archive has forgotten what was where; logs it has.
    if (!(error instanceof L1RequestError)) throw error;
    return 0;
  }
  return withCode;
}
