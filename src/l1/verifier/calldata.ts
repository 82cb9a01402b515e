/** A proof as the contracts take it: cut to transactions, Merkle nodes without their zeros if wanted. */
import type { ProofFile } from "../../prover/proof-file.ts";
import { WORD_BYTES } from "../../prover/verifier/proof-reader.ts";
import { wordsOf } from "../../prover/verifier/public-memory.ts";
import type { Verification } from "../../prover/verifier/verify.ts";
import { type AbiValue, decodeBytes, encodeCall } from "../abi.ts";
import { nodesByLeaf } from "./node-order.ts";

/** What a node keeps in a pool: transactions of more bytes are refused. */
export const MAX_TRANSACTION_BYTES = 128 * 1024;
/** Of that, what is left for envelope and signature. */
const ENVELOPE_BYTES = 512;
/** More than a state has: three words for each of 48 queries, four for each layer, the last layer. */
const STATE_BYTES = 40 * 1024;

/** Leaves that the nodes of a section open, and the height of their tree. */
interface Opening {
  readonly leaves: readonly number[];
  readonly height: number;
}

/** The openings of a proof in their order: three trees of rows, then FRI's layers. */
function openings({
  parameters,
  queries,
}: Pick<Verification, "parameters" | "queries">): Opening[] {
  const rows: Opening = { leaves: queries, height: parameters.logDomain };
  const found = [rows, rows, rows];
  let { leaves, height } = rows;
  for (const step of parameters.friSteps) {
    leaves = [...new Set(leaves.map((index) => Math.floor(index / 2 ** step)))];
    height -= step;
    found.push({ leaves, height });
  }
  return found;
}

/** Bytes that a node keeps on L1, where the rest of its word is 0. */
const NODE_BYTES = 20;

/**
 * The nodes in the contracts' order and size. Where leaves are single words, some of the nodes are such words, and all
 * keep 32 bytes. What is not whole is left as it is, to be refused.
 */
function packNodes(
  bytes: Uint8Array,
  { leaves, height }: Opening,
  wordLeaves: boolean,
): Uint8Array {
  const nodes = Array.from({ length: Math.ceil(bytes.length / WORD_BYTES) }, (_, i) => {
    const node = bytes.subarray(WORD_BYTES * i, WORD_BYTES * (i + 1));
    const isShort =
      node.length === WORD_BYTES && node.subarray(NODE_BYTES).every((byte) => byte === 0);
    return isShort && !wordLeaves ? node.subarray(0, NODE_BYTES) : node;
  });
  return Buffer.concat(nodesByLeaf(nodes, leaves, height).filter((node) => node !== undefined));
}

/** Parameters, public input and pages: the arguments before the proof. */
export const statementArguments = (file: ProofFile): AbiValue[] => [
  file.parameters,
  file.publicInput,
  file.pages.map(wordsOf),
];

/** The bytes of the proof up to FRI's layers, and of each layer. */
export interface ProofParts {
  readonly head: Uint8Array;
  readonly layers: readonly Uint8Array[];
}

export function proofParts(
  { proof }: ProofFile,
  verification: Pick<Verification, "sections" | "parameters" | "queries">,
): ProofParts {
  const { sections } = verification;
  const trees = openings(verification)[Symbol.iterator]();
  const head: Uint8Array[] = [];
  const layers = new Map<string, Uint8Array[]>();
  let rowBytes = 0;
  for (const { name, kind, start, end } of sections) {
    const bytes = proof.subarray(start, end);
    const layer = /^FRI layer \d+/.exec(name)?.[0];
    if (kind === "rows") rowBytes = bytes.length / verification.queries.length;
    const wordLeaves = layer === undefined && rowBytes === WORD_BYTES;
    const content = kind === "nodes" ? packNodes(bytes, trees.next().value!, wordLeaves) : bytes;
    if (layer === undefined) head.push(content);
    else layers.set(layer, [...(layers.get(layer) ?? []), content]);
  }
  const parts = [...layers.values()].map((contents): Uint8Array => Buffer.concat(contents));
  // What follows the proof goes with it, for the contract to refuse; zeros that pad it do not.
  const rest = proof.subarray(sections.at(-1)!.end);
  const padding = rest.length < WORD_BYTES && rest.every((byte) => byte === 0);
  if (!padding) parts.push(Buffer.concat([parts.pop()!, rest]));
  return { head: Buffer.concat(head), layers: parts };
}

/** How a proof goes to L1. */
export type VerificationPlan =
  | { readonly kind: "one transaction"; readonly data: Uint8Array }
  | {
      readonly kind: "split";
      readonly begin: Uint8Array;
      /** Layers of FRI that go together, at most as many as fit. */
      readonly resume: readonly { readonly layerCount: number; readonly proof: Uint8Array }[];
    };

/** What a verification is to establish: the functions' signatures, and their arguments before the proof. */
export interface Purpose {
  readonly whole: string;
  readonly begin: string;
  readonly arguments: readonly AbiValue[];
}

/** That a program with that public input has run. */
export const claimPurpose = (file: ProofFile): Purpose => ({
  whole: "register(uint256[],uint256[],uint256[][],bytes)",
  begin: "begin(uint256[],uint256[],uint256[][],bytes)",
  arguments: statementArguments(file),
});

/**
 * That the program of a CairoFactRegistry has given the output in the last page of the proof's public memory.
 * @param mainSize 0, or the size of the part of the output that is not data on chain
 */
export const factPurpose = (file: ProofFile, mainSize = 0): Purpose => ({
  whole: "proveFact(uint256[],uint256[],uint256[],uint256,bytes)",
  begin: "beginFact(uint256[],uint256[],uint256[],uint256,bytes)",
  arguments: [file.parameters, file.publicInput, wordsOf(file.pages.at(-1)!), BigInt(mainSize)],
});

/**
 * One transaction if it is small enough, otherwise as few as possible.
 */
export function planVerification(
  file: ProofFile,
  verification: Pick<Verification, "sections" | "parameters" | "queries">,
  purpose = claimPurpose(file),
): VerificationPlan {
  const { head, layers } = proofParts(file, verification);
  const whole = encodeCall(purpose.whole, [...purpose.arguments, Buffer.concat([head, ...layers])]);
  const limit = MAX_TRANSACTION_BYTES - ENVELOPE_BYTES;
  if (whole.length <= limit) return { kind: "one transaction", data: whole };

  const begin = encodeCall(purpose.begin, [...purpose.arguments, head]);
  if (begin.length > limit) throw new RangeError("the statement does not fit into a transaction");
  const resume: { layerCount: number; proof: Uint8Array }[] = [];
  // Beside the layers there is the state; a layer by itself always fits.
  const room = limit - STATE_BYTES;
  for (const layer of layers) {
    const last = resume.at(-1);
    if (last !== undefined && last.proof.length + layer.length <= room) {
      const proof = Buffer.concat([last.proof, layer]);
      resume[resume.length - 1] = { layerCount: last.layerCount + 1, proof };
    } else {
      resume.push({ layerCount: 1, proof: layer });
    }
  }
  return { kind: "split", begin, resume };
}

/** A verifier contract: runs a call without a transaction, and sends it as one. */
export interface VerificationTarget<Sent> {
  call(data: Uint8Array): Promise<Uint8Array>;
  send(name: string, data: Uint8Array): Promise<Sent>;
}

/**
 * Brings a planned verification to its contract, in its order; what was sent. The contract keeps nothing but the hash
 * of its state between the transactions: each is given the state itself.
 *
 * @param names of the transactions that come first
 */
export async function carryOut<Sent>(
  plan: VerificationPlan,
  target: VerificationTarget<Sent>,
  names: { readonly whole: string; readonly begin: string },
): Promise<Sent[]> {
  if (plan.kind === "one transaction") return [await target.send(names.whole, plan.data)];
  let state = decodeBytes(await target.call(plan.begin));
  const sent = [await target.send(names.begin, plan.begin)];
  for (const { layerCount, proof } of plan.resume) {
    const data = resumeCall(state, layerCount, proof);
    state = decodeBytes(await target.call(data));
    sent.push(await target.send("resume", data));
  }
  return sent;
}

export const resumeCall = (state: Uint8Array, layerCount: number, proof: Uint8Array): Uint8Array =>
  encodeCall("resume(bytes,uint256,bytes)", [state, BigInt(layerCount), proof]);
