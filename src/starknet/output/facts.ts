/** Facts: what the core contract asks its fact registry for (starknet-formulas §6). */
import type { Felt } from "../../field/felt.ts";
import { keccakWords } from "./words.ts";

/** Words of a page of on-chain data; MAX_PAGE_SIZE of cairo-lang, cairo/bootloaders/fact_topology.py. */
export const PAGE_SIZE = 3800;

/**
 * Hash of the on-chain data (the state diff) as a node of the output's Merkle tree: 1 + keccak of hash
 * and end of each page, where ends are offsets in the whole output. The OS makes this node for a single
 * page, too (its fact topology is [2, 1, 0, 2]). cairo-lang, cairo/bootloaders/compute_fact.py.
 *
 * @param mainSize number of words of the output before the data
 */
export function onchainDataHash(data: readonly Felt[], mainSize: number): bigint {
  const children: bigint[] = [];
  for (let start = 0; start < data.length; start += PAGE_SIZE) {
    const page = data.slice(start, start + PAGE_SIZE);
    children.push(keccakWords(page), BigInt(mainSize + start + page.length));
  }
  return keccakWords(children) + 1n;
}

/** Root of the output's Merkle tree, for calldata data availability. */
export function stateTransitionFact(
  main: readonly Felt[],
  dataHash: bigint,
  dataSize: number,
): bigint {
  const size = BigInt(main.length);
  return keccakWords([keccakWords(main), size, dataHash, size + BigInt(dataSize)]) + 1n;
}

/** The fact that a program of that hash (OS, or aggregator) has run and given the output of that root. */
export const sharpFact = (programHash: Felt, outputFact: bigint): bigint =>
  keccakWords([programHash, outputFact]);

/** Fact of a run of the OS that gave these words, whose state diff is published as calldata. */
export const settlementFact = (
  programHash: Felt,
  main: readonly Felt[],
  stateDiff: readonly Felt[],
): bigint =>
  sharpFact(
    programHash,
    stateTransitionFact(main, onchainDataHash(stateDiff, main.length), stateDiff.length),
  );
