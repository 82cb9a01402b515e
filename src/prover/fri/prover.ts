/**
 * FRI (stark-protocol §5.3): layers of values on w^k·<g>, each committed to in cosets of 2^step members, folded
 * by the next random element, until the last one is sent as a polynomial.
 */
import { type Felt, inv, mul } from "../../field/felt.ts";
import { type Channel, concatBytes, wordBytes } from "../channel/channel.ts";
import { chunksOf } from "../commit/columns.ts";
import { MerkleTree } from "../commit/tree.ts";
import { blockOf, cosetsOf, type EvaluationDomain, friShift } from "../domain.ts";
import { PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { toMontgomery } from "../montgomery.ts";
import { proofWords } from "../work/commit-tasks.ts";
import type { Pool } from "../work/pool.ts";
import { interpolateList, reverseBits } from "../work/tables.ts";
import { type PairList, sharedPairs, type Task } from "../work/tasks.ts";

/** Pairs that one task folds or cosets that it hashes. */
const CHUNK = 1 << 11;

/** Values of one layer, coset by coset in natural order. */
export interface FriLayer {
  readonly domain: EvaluationDomain;
  readonly cosets: readonly PairList[];
}

interface CommittedLayer {
  readonly layer: FriLayer;
  readonly step: number;
  readonly tree: MerkleTree;
}

export interface FriCommitments {
  readonly layers: readonly CommittedLayer[];
  /** What the prover sends: roots, then the last layer's coefficients. */
  readonly messages: readonly Uint8Array[];
}

/** Parts of lists that are free, then new ones. */
class Lists {
  readonly #free: readonly PairList[];
  #list = 0;
  #offset = 0;

  constructor(free: readonly PairList[]) {
    this.#free = free;
  }

  /** A list of n elements. */
  take(n: number): PairList {
    const bytes = (n / 2) * PAIR_BYTES;
    const list = this.#free[this.#list];
    if (list === undefined) return sharedPairs(n);
    if (this.#offset + bytes > list.length) {
      this.#list++;
      this.#offset = 0;
      return this.take(n);
    }
    const start = this.#offset;
    this.#offset += bytes;
    return list.subarray(start, start + bytes);
  }
}

const newLayer = (lists: Lists, domain: EvaluationDomain): FriLayer => ({
  domain,
  cosets: Array.from({ length: cosetsOf(domain) }, () => lists.take(2 ** domain.logRows)),
});

/** The polynomial of the coefficients on the whole domain. */
async function firstLayer(pool: Pool, layer: FriLayer, coefficients: PairList): Promise<FriLayer> {
  const { domain, cosets } = layer;
  await pool.run(
    cosets.map((target, coset): Task => ({
      type: "evaluate",
      log: domain.logRows,
      source: coefficients,
      shift: friShift(domain, coset),
      target,
    })),
  );
  return layer;
}

async function commitLayer(pool: Pool, layer: FriLayer, step: number): Promise<MerkleTree> {
  const { domain, cosets } = layer;
  const perCoset = 2 ** (domain.logRows - step);
  const tree = new MerkleTree(perCoset * cosets.length);
  await pool.run(
    cosets.flatMap((values, coset) =>
      chunksOf(perCoset, CHUNK).map((part): Task => ({
        type: "hashCosets",
        log: domain.logRows,
        step,
        layer: values,
        ...part,
        nodes: tree.nodes,
        base: tree.leaves + blockOf(domain, coset) * perCoset,
      })),
    ),
  );
  await tree.hash(pool);
  return tree;
}

async function foldOnce(pool: Pool, lists: Lists, layer: FriLayer, beta: Felt): Promise<FriLayer> {
  const { domain } = layer;
  const next = newLayer(lists, { ...domain, logRows: domain.logRows - 1 });
  await pool.run(
    layer.cosets.flatMap((values, coset) =>
      chunksOf(2 ** (domain.logRows - 2), CHUNK).map((part): Task => ({
        type: "fold",
        log: domain.logRows,
        layer: values,
        beta,
        inverseStart: inv(friShift(domain, coset)),
        ...part,
        target: next.cosets[coset]!,
      })),
    ),
  );
  return next;
}

export interface FriInput {
  readonly domain: EvaluationDomain;
  /** Of the DEEP quotient, as a polynomial in y = x/3. */
  readonly coefficients: PairList;
  readonly steps: readonly number[];
  /** Lists that may be overwritten. */
  readonly free: readonly PairList[];
}

/** Commits to all layers, in exchange with the channel. */
export async function commitFri(
  pool: Pool,
  kernel: ProverKernel,
  channel: Channel,
  { domain, coefficients: quotient, steps, free }: FriInput,
  onProgress: (fraction: number) => void,
): Promise<FriCommitments> {
  const lists = new Lists(free);
  const layers: CommittedLayer[] = [];
  const messages: Uint8Array[] = [];
  let layer = await firstLayer(pool, newLayer(lists, domain), quotient);
  for (const [i, step] of steps.entries()) {
    const tree = await commitLayer(pool, layer, step);
    layers.push({ layer, step, tree });
    messages.push(tree.root);
    channel.absorb(tree.root);
    let beta = channel.drawFelt();
    for (let fold = 0; fold < step; fold++) {
      layer = await foldOnce(pool, lists, layer, beta);
      beta = mul(beta, beta);
    }
    onProgress((i + 1) / steps.length);
  }
  const coefficients = interpolateList(kernel, valuesOf(kernel, layer.cosets[0]!));
  const last = concatBytes(...coefficients.map((c) => wordBytes(toMontgomery(c))));
  channel.absorb(last);
  return { layers, messages: [...messages, last] };
}

/** The elements of a short list. */
function valuesOf(kernel: ProverKernel, list: PairList): Felt[] {
  return kernel.scoped(() => {
    const count = list.length / PAIR_BYTES;
    const address = kernel.reservePairs(count);
    kernel.copyIn(address, list);
    const pairs = kernel.readPairs(address, count);
    return [...pairs.map(([a]) => a), ...pairs.map(([, b]) => b)];
  });
}

/**
 * For each layer: the members of the queried cosets that the verifier does not know yet, in order, and the
 * tree's nodes for these cosets.
 */
export function openFri(
  kernel: ProverKernel,
  { layers }: FriCommitments,
  queries: readonly number[],
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let known = queries;
  for (const { layer, step, tree } of layers) {
    const size = 2 ** step;
    const cosets = [...new Set(known.map((position) => Math.floor(position / size)))];
    const isKnown = new Set(known);
    for (const coset of cosets)
      for (let member = 0; member < size; member++) {
        const position = coset * size + member;
        if (!isKnown.has(position)) parts.push(wordAt(kernel, layer, position));
      }
    parts.push(...tree.opening(cosets));
    known = cosets;
  }
  return parts;
}

function wordAt(kernel: ProverKernel, { domain, cosets }: FriLayer, position: number): Uint8Array {
  const { logRows, logBlowup } = domain;
  const rows = 2 ** logRows;
  const coset = cosets[reverseBits(Math.floor(position / rows), logBlowup)]!;
  const row = reverseBits(position % rows, logRows);
  const pair = row % (rows / 2);
  const words = proofWords(kernel, coset.subarray(pair * PAIR_BYTES, (pair + 1) * PAIR_BYTES));
  return row < rows / 2 ? words.subarray(0, 32) : words.subarray(32, 64);
}
