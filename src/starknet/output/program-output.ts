/**
 * The output of the Starknet OS with calldata data availability: what a state update brings to L1.
 *
 *   header, 10 words | size, messages to L1 | size, messages to L2 | state diff
 *
 * starknet-formulas §6; cairo-lang, starknet/core/os/output.cairo. All but the state diff is the main
 * part, `programOutput` of the core contract's `updateState`.
 */
import { type Felt, P } from "../../field/felt.ts";
import type { MessageToL1 } from "../receipt.ts";
import type { MessageToL2 } from "../transaction-hash.ts";
import { MalformedOutputError, WordReader } from "./word-reader.ts";

export const HEADER_SIZE = 10;

/** The main part of an output. */
export interface ProgramOutput {
  readonly prevRoot: Felt;
  readonly newRoot: Felt;
  /** -1 before the first block */
  readonly prevBlockNumber: number;
  readonly newBlockNumber: number;
  readonly prevBlockHash: Felt;
  readonly newBlockHash: Felt;
  /** Hash of the OS program if an aggregator wrote the output, 0 if the OS itself did. */
  readonly osProgramHash: Felt;
  readonly configHash: Felt;
  /** The state diff holds previous values, too: for aggregators, the core contract refuses it. */
  readonly fullOutput: boolean;
  readonly messagesToL1: readonly MessageToL1[];
  readonly messagesToL2: readonly MessageToL2[];
}

const messageToL1Words = ({ fromAddress, toAddress, payload }: MessageToL1): Felt[] => [
  fromAddress,
  toAddress,
  BigInt(payload.length),
  ...payload,
];

const messageToL2Words = (message: MessageToL2): Felt[] => [
  message.fromAddress,
  message.toAddress,
  message.nonce,
  message.selector,
  BigInt(message.payload.length),
  ...message.payload,
];

/** Words of the main part. Throws RangeError for block numbers that are none. */
export function encodeProgramOutput(output: ProgramOutput): Felt[] {
  const messagesToL1 = output.messagesToL1.flatMap(messageToL1Words);
  const messagesToL2 = output.messagesToL2.flatMap(messageToL2Words);
  return [
    output.prevRoot,
    output.newRoot,
    // The OS computes in the field: block -1 is P - 1.
    output.prevBlockNumber === -1 ? P - 1n : blockNumber(output.prevBlockNumber),
    blockNumber(output.newBlockNumber),
    output.prevBlockHash,
    output.newBlockHash,
    output.osProgramHash,
    output.configHash,
    0n, // KZG data availability
    output.fullOutput ? 1n : 0n,
    BigInt(messagesToL1.length),
    ...messagesToL1,
    BigInt(messagesToL2.length),
    ...messagesToL2,
  ];
}

function blockNumber(number: number): Felt {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError(`"number" expected a block number, got ${number}`);
  }
  return BigInt(number);
}

/**
 * Takes a whole output apart, or a main part: then `stateDiff` is empty. Throws MalformedOutputError
 * for what is no output with calldata data availability.
 */
export function decodeProgramOutput(words: readonly Felt[]): {
  readonly output: ProgramOutput;
  /** Number of words of the main part. */
  readonly mainSize: number;
  readonly stateDiff: readonly Felt[];
} {
  const reader = new WordReader(words);
  const header = {
    prevRoot: reader.word("previous root"),
    newRoot: reader.word("new root"),
    prevBlockNumber: reader.number("previous block number", P - 1n),
    newBlockNumber: reader.number("new block number"),
    prevBlockHash: reader.word("previous block hash"),
    newBlockHash: reader.word("new block hash"),
    osProgramHash: reader.word("OS program hash"),
    configHash: reader.word("config hash"),
  };
  if (reader.flag("KZG flag")) {
    throw new MalformedOutputError("the output's state diff is in blobs (KZG), not in calldata");
  }
  const output = {
    ...header,
    fullOutput: reader.flag("full output flag"),
    messagesToL1: messages(reader, "messages to L1", messageToL1),
    messagesToL2: messages(reader, "messages to L2", messageToL2),
  };
  return { output, mainSize: reader.position, stateDiff: reader.rest() };
}

function messages<T>(reader: WordReader, what: string, read: (reader: WordReader) => T): T[] {
  const size = reader.number(`size of ${what}`);
  const segment = new WordReader(reader.words(size, what));
  const found: T[] = [];
  while (segment.position < size) found.push(read(segment));
  return found;
}

const payload = (reader: WordReader): readonly Felt[] =>
  reader.words(reader.number("payload size"), "payload");

const messageToL1 = (reader: WordReader): MessageToL1 => ({
  fromAddress: reader.word("sender"),
  toAddress: reader.word("receiver"),
  payload: payload(reader),
});

const messageToL2 = (reader: WordReader): MessageToL2 => ({
  fromAddress: reader.word("sender"),
  toAddress: reader.word("receiver"),
  nonce: reader.word("nonce"),
  selector: reader.word("selector"),
  payload: payload(reader),
});
