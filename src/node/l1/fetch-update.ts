/** A state update with its state diff, all of it checked that can be without the state. */
import type { Felt } from "../../field/felt.ts";
import type { Ethereum } from "../../l1/ethereum.ts";
import { decodeProgramOutput, type ProgramOutput } from "../../starknet/output/program-output.ts";
import { MalformedOutputError } from "../../starknet/output/word-reader.ts";
import type { EndId } from "./l1-chain.ts";
import { L1NodeError } from "./problem.ts";
import { isProven, type Settlement } from "./settlement.ts";
import type { End } from "./tables.ts";
import { findUpdateData } from "./update-data.ts";
import type { UpdateEvent } from "./update-events.ts";

export interface FetchedUpdate {
  /** The end that it begins after. */
  readonly before: EndId;
  readonly end: End;
  readonly stateDiff: readonly Felt[];
}

/** Rejects with L1NodeError, saying what does not fit, and with L1's errors. */
export async function fetchUpdate(
  ethereum: Ethereum,
  event: UpdateEvent,
  settlement: Settlement,
): Promise<FetchedUpdate> {
  const { place, firstBlock, lastBlock, root, lastHash, outputFact, dataSize } = event;
  const refuse = (reason: string): never => {
    throw new L1NodeError(
      `the update of blocks ${firstBlock} to ${lastBlock} on L1 (transaction ${place.transactionHash}) cannot be followed: ${reason}`,
    );
  };
  if (!event.inCalldata)
    refuse(
      "it was made by updateState, which leaves only a hash of the state diff on L1: follow L2 instead",
    );
  const transaction = await ethereum.transaction(place.transactionHash);
  if (transaction === undefined) return refuse("L1 has its logs, but not its transaction");
  if (transaction.hash !== place.transactionHash || transaction.blockHash !== place.blockHash)
    refuse("L1 answers with another transaction, or with one of another block than its logs");
  const calldata = Buffer.from(transaction.input.slice(2), "hex");
  const data = findUpdateData(calldata, outputFact, dataSize);
  if (data === undefined)
    return refuse(
      "the calldata of its transaction does not have the words whose hash was proven: a contract that settles has to pass them on in its own calldata",
    );
  const output = outputOf(data.main, refuse);
  const fits =
    output.newRoot === root &&
    output.newBlockHash === lastHash &&
    output.newBlockNumber === lastBlock &&
    output.prevBlockNumber + 1 === firstBlock &&
    output.prevBlockNumber < output.newBlockNumber;
  if (!fits) refuse("its output is of other blocks or another state than its logs");
  if (output.configHash !== settlement.configHash) refuse("it is an update of another L2");
  if (settlement.registry !== undefined) {
    if (output.osProgramHash !== 0n) refuse("an aggregator has proven it, which is unknown here");
    if (!(await isProven(ethereum, settlement.registry, outputFact)))
      refuse("L1 has verified no proof that the OS of this version gave its output");
  }
  return {
    before: {
      number: output.prevBlockNumber,
      hash: output.prevBlockHash,
      root: output.prevRoot,
    },
    end: { first: firstBlock, number: lastBlock, hash: lastHash, root, place },
    stateDiff: data.stateDiff,
  };
}

function outputOf(main: readonly Felt[], refuse: (reason: string) => never): ProgramOutput {
  try {
    const { output, stateDiff } = decodeProgramOutput(main);
    if (stateDiff.length === 0) return output;
  } catch (error) {
    if (!(error instanceof MalformedOutputError)) throw error;
    return refuse(`its output is none: ${error.message}`);
  }
  return refuse("its output goes on after its messages");
}
