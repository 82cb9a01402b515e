/** The state diff behind a state update: found in the calldata of its transaction, and checked. */
import { type Felt, P } from "../../field/felt.ts";
import { contractInterface } from "../../l1/artifacts.ts";
import { onchainDataHash, stateTransitionFact } from "../../starknet/output/facts.ts";
import { bytesToBigInt } from "../../util/bytes.ts";

const WORD = 32;
const SELECTOR = Buffer.from(
  contractInterface("StarknetCore").getFunction("updateStateCalldataDA")!.selector.slice(2),
  "hex",
);

/** The arguments of `updateStateCalldataDA`. */
export interface UpdateData {
  /** The output's main part. */
  readonly main: readonly Felt[];
  readonly stateDiff: readonly Felt[];
}

/**
 * The words whose hash an update's fact is; undefined where the calldata does not have them. A contract that settles
 * in its operator's name has the call somewhere inside of its own calldata: the hash says which bytes are it.
 *
 * @param dataSize words of the state diff
 */
export function findUpdateData(
  calldata: Uint8Array,
  outputFact: bigint,
  dataSize: number,
): UpdateData | undefined {
  const bytes = Buffer.from(calldata.buffer, calldata.byteOffset, calldata.length);
  for (let at = bytes.indexOf(SELECTOR); at >= 0; at = bytes.indexOf(SELECTOR, at + 1)) {
    const data = decodeArguments(bytes.subarray(at + SELECTOR.length), dataSize);
    if (data !== undefined && factOf(data) === outputFact) return data;
  }
  return undefined;
}

const factOf = ({ main, stateDiff }: UpdateData): bigint =>
  stateTransitionFact(main, onchainDataHash(stateDiff, main.length), stateDiff.length);

function decodeArguments(bytes: Buffer, dataSize: number): UpdateData | undefined {
  const [mainWords, diffWords] = [0, 1].map((argument) => arrayAt(bytes, argument));
  if (mainWords === undefined || diffWords?.length !== WORD * dataSize) return undefined;
  const [main, stateDiff] = [words(mainWords), words(diffWords)];
  return main && stateDiff && { main, stateDiff };
}

/** Bytes of the elements of an argument that is an array of words. */
function arrayAt(bytes: Buffer, argument: number): Buffer | undefined {
  const offset = sizeAt(bytes, WORD * argument);
  const length = offset === undefined ? undefined : sizeAt(bytes, offset);
  if (offset === undefined || length === undefined) return undefined;
  const start = offset + WORD;
  const end = start + WORD * length;
  return end <= bytes.length ? bytes.subarray(start, end) : undefined;
}

/** A word that is an offset or a length in these bytes. */
function sizeAt(bytes: Buffer, offset: number): number | undefined {
  if (offset + WORD > bytes.length) return undefined;
  const value = bytesToBigInt(bytes.subarray(offset, offset + WORD));
  return value <= BigInt(bytes.length) ? Number(value) : undefined;
}

/** Undefined where one is no felt: the core contract takes no such output. */
function words(bytes: Buffer): Felt[] | undefined {
  const felts: Felt[] = [];
  for (let at = 0; at < bytes.length; at += WORD) {
    const felt = bytesToBigInt(bytes.subarray(at, at + WORD));
    if (felt >= P) return undefined;
    felts.push(felt);
  }
  return felts;
}
