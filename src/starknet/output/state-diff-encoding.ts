/**
 * A state diff as words of the OS's output: uncompressed, addresses and keys as they are (no aliases).
 *
 *   number of contracts, then for each: address, packed, [class hash], (key, value)*
 *   number of classes, then for each: class hash, compiled class hash
 *
 *   packed, from the highest bit: nonce (64, 0 if unchanged) | number of updates (8 or 64)
 *                                 | the number has 8 bits (1) | class hash follows (1)
 *
 * starknet-formulas §7; cairo-lang, starknet/core/os/state/output.cairo. Contracts, keys and classes are
 * in ascending order, as the OS's squashed dictionaries have them.
 */
import type { Felt } from "../../field/felt.ts";
import type { StateDiff } from "../../state/diff.ts";
import { MalformedOutputError, WordReader } from "./word-reader.ts";

const SMALL_BITS = 8n;
const LARGE_BITS = 64n;
const NONCE_BITS = 64n;

const NO_UPDATES: ReadonlyMap<Felt, Felt> = new Map();

const byKey = <T>(entries: Iterable<readonly [Felt, T]>): (readonly [Felt, T])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Words of a state diff. Throws RangeError for a nonce of more than 64 bits. */
export function encodeStateDiff(diff: StateDiff): Felt[] {
  const addresses = new Set(
    [diff.storage, diff.nonces, diff.deployedContracts, diff.replacedClasses].flatMap((map) => [
      ...map.keys(),
    ]),
  );
  const contracts = byKey([...addresses].map((address) => [address, contractWords(diff, address)]))
    .filter(([, words]) => words.length > 0)
    .map(([address, words]) => [address, ...words]);
  const classes = byKey(diff.declaredClasses);
  return [BigInt(contracts.length), ...contracts.flat(), BigInt(classes.length), ...classes.flat()];
}

/** Words of a contract after its address; none if nothing of it has changed. */
function contractWords(diff: StateDiff, address: Felt): Felt[] {
  const updates = byKey(diff.storage.get(address) ?? NO_UPDATES);
  const nonce = diff.nonces.get(address) ?? 0n;
  const classHash = diff.deployedContracts.get(address) ?? diff.replacedClasses.get(address);
  if (updates.length === 0 && nonce === 0n && classHash === undefined) return [];
  if (nonce >> NONCE_BITS !== 0n) {
    throw new RangeError(`"nonce" expected 0 <= nonce < 2^64, got ${nonce}`);
  }
  const count = BigInt(updates.length);
  const isSmall = count >> SMALL_BITS === 0n;
  const withCount = (nonce << (isSmall ? SMALL_BITS : LARGE_BITS)) | count;
  const packed = (withCount << 2n) | (isSmall ? 2n : 0n) | (classHash === undefined ? 0n : 1n);
  return [packed, ...(classHash === undefined ? [] : [classHash]), ...updates.flat()];
}

/**
 * The state diff that was encoded. The words do not tell a contract's first class hash from a new one:
 * `isDeployed` says whether the contract was there before. Throws MalformedOutputError for words that
 * are no state diff.
 */
export function decodeStateDiff(
  words: readonly Felt[],
  isDeployed: (address: Felt) => boolean,
): StateDiff {
  const storage = new Map<Felt, ReadonlyMap<Felt, Felt>>();
  const nonces = new Map<Felt, Felt>();
  const deployedContracts = new Map<Felt, Felt>();
  const replacedClasses = new Map<Felt, Felt>();
  const reader = new WordReader(words);
  const seen = new Set<Felt>();
  for (let left = reader.number("number of contracts"); left > 0; left--) {
    const address = reader.word("contract address");
    if (seen.has(address)) throw new MalformedOutputError(`contract ${address} comes twice`);
    seen.add(address);
    const { nonce, count, hasClassHash } = unpack(reader.word("packed contract header"));
    if (nonce !== 0n) nonces.set(address, nonce);
    if (hasClassHash) {
      const classes = isDeployed(address) ? replacedClasses : deployedContracts;
      classes.set(address, reader.word("class hash"));
    }
    if (count > 0) storage.set(address, pairs(reader, count, "storage update"));
  }
  const declaredClasses = pairs(reader, reader.number("number of classes"), "class");
  const excess = reader.rest().length;
  if (excess > 0) throw new MalformedOutputError(`${excess} words after the state diff`);
  return { storage, nonces, deployedContracts, replacedClasses, declaredClasses };
}

function unpack(packed: Felt): { nonce: Felt; count: number; hasClassHash: boolean } {
  const countBits = (packed & 2n) === 2n ? SMALL_BITS : LARGE_BITS;
  const count = (packed >> 2n) & ((1n << countBits) - 1n);
  const nonce = packed >> (2n + countBits);
  if (nonce >> NONCE_BITS !== 0n) {
    throw new MalformedOutputError(`packed contract header: nonce ${nonce} has more than 64 bits`);
  }
  return { nonce, count: Number(count), hasClassHash: (packed & 1n) === 1n };
}

function pairs(reader: WordReader, count: number, what: string): Map<Felt, Felt> {
  const found = new Map<Felt, Felt>();
  for (let left = count; left > 0; left--) {
    const key = reader.word(what);
    if (found.has(key)) throw new MalformedOutputError(`${what}: ${key} comes twice`);
    found.set(key, reader.word(what));
  }
  return found;
}
