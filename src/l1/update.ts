/** State updates: what a range of L2 blocks brings to the core contract. */
import type { Felt } from "../field/felt.ts";
import { pedersenArray } from "../hash/pedersen.ts";
import { shortString } from "../field/short-string.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import { settlementFact } from "../starknet/output/facts.ts";
import { encodeProgramOutput, type ProgramOutput } from "../starknet/output/program-output.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import { encodeStateDiff } from "../starknet/output/state-diff-encoding.ts";
import type { MessageToL2 } from "../starknet/transaction-hash.ts";
import type { L1HandlerTransaction } from "../starknet/transaction.ts";
import { EMPTY_STATE } from "../state/reader.ts";
import { squashDiffs } from "../state/squash.ts";

export interface StateUpdate {
  readonly range: BlockRange;
  readonly output: ProgramOutput;
  /** The output's main part, and the words of the state diff. */
  readonly main: readonly Felt[];
  readonly stateDiff: readonly Felt[];
  /** What the fact registry has to know. */
  readonly fact: bigint;
}

/** Hashes that the core contract is set up with. */
export interface ProgramIdentity {
  readonly programHash: Felt;
  readonly configHash: Felt;
}

/** Hash of the L2's configuration, Pedersen of version, chain id and fee token (starknet-formulas §6). */
export const configHash = (chainId: Felt, feeToken: Felt): Felt =>
  pedersenArray([shortString("StarknetOsConfig3"), chainId, feeToken]);

/** The message that an L1 handler consumed. */
export const consumedMessage = (transaction: L1HandlerTransaction): MessageToL2 => ({
  fromAddress: transaction.calldata[0]!,
  toAddress: transaction.contractAddress,
  nonce: transaction.nonce,
  selector: transaction.entryPointSelector,
  payload: transaction.calldata.slice(1),
});

/** The update of a range of closed blocks that begins after the genesis block. */
export function buildUpdate(
  chain: ChainView,
  range: BlockRange,
  { programHash, configHash }: ProgramIdentity,
): StateUpdate {
  const { first, last } = range;
  const before = chain.header(first - 1)!;
  const after = chain.header(last)!;
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const blocks = numbers.map((number) => chain.block(number)!);
  const diffs = numbers.map((number) => chain.stateDiff(number)!);
  const output: ProgramOutput = {
    prevRoot: before.stateRoot,
    newRoot: after.stateRoot,
    prevBlockNumber: before.number,
    newBlockNumber: after.number,
    prevBlockHash: before.hash,
    newBlockHash: after.hash,
    osProgramHash: 0n,
    configHash,
    fullOutput: false,
    messagesToL1: blocks.flatMap(({ receipts }) => receipts.flatMap(({ messages }) => messages)),
    messagesToL2: blocks.flatMap(({ transactions, receipts }) =>
      transactions.flatMap((transaction, i) =>
        transaction.type === "L1_HANDLER" && receipts[i]!.revertReason === undefined
          ? [consumedMessage(transaction)]
          : [],
      ),
    ),
  };
  const main = encodeProgramOutput(output);
  const stateDiff = encodeStateDiff(squashDiffs(diffs, chain.stateAt(before.number)));
  return { range, output, main, stateDiff, fact: settlementFact(programHash, main, stateDiff) };
}

/** Words of the state diff from nothing to the state after block `number`, of a chain that begins with block 0. */
export function initialStateWords(chain: ChainView, number: number): Felt[] {
  const diffs = Array.from({ length: number + 1 }, (_, i) => chain.stateDiff(i)!);
  return encodeStateDiff(squashDiffs(diffs, EMPTY_STATE));
}
