/**
 * A job as it travels: a few words in the queue, and blobs by their digests. Classes are blobs of their own, as most
 * jobs run the same ones.
 */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../../field/felt.ts";
import type { SecurityOptions } from "../../prover/security.ts";
import type { NewClass } from "../../sequencer/class-library.ts";
import type { BlockRange } from "../../starknet/output/range.ts";
import { BoundedCache } from "../../util/bounded-cache.ts";
import { isFelt } from "../../field/felt.ts";
import type { ProofJob } from "../job.ts";
import { digestOf, isDigest, MAX_NAME_LENGTH } from "./names.ts";

/** Larger inputs are no job that a prover could prove. */
export const MAX_BLOB_BYTES = 1 << 26;
const MAX_CLASSES = 1_000;
const MAX_NAMES = 100;

export interface BlobName {
  readonly digest: string;
  readonly bytes: number;
}

/** What lies in the queue. */
export interface QueuedJob {
  readonly range: BlockRange;
  /** The job without its classes. It is there as long as somebody wants the proof. */
  readonly inputs: BlobName;
  readonly classes: readonly BlobName[];
  readonly security: SecurityOptions;
  /** Provers whose proofs were no good, and are not looked at any more. */
  readonly refused: readonly string[];
  /** Provers that have failed this very job, and leave it to others where there are any. */
  readonly failedBy: readonly string[];
}

export interface PackedJob extends Pick<QueuedJob, "range" | "inputs" | "classes" | "security"> {
  /** Its name, by `jobDigest`. */
  readonly digest: string;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

interface Blob extends BlobName {
  readonly content: Uint8Array;
}

type Inputs = Omit<ProofJob, "classes">;
type ClassEntry = readonly [classHash: Felt, content: NewClass];

const blobOf = (value: unknown): Blob => {
  const content = serialize(value);
  return { digest: digestOf(content), bytes: content.length, content };
};

/** Serialized classes, by their hashes: a class is the same in every job. */
export type ClassBlobs = BoundedCache<Felt, Blob>;
export const classBlobs = (): ClassBlobs => new BoundedCache(64);

export function packJob(
  { classes, ...rest }: ProofJob,
  security: SecurityOptions,
  known: ClassBlobs,
): PackedJob {
  const inputs = blobOf(rest satisfies Inputs);
  const packed = [...classes].map((entry: ClassEntry) =>
    known.getOrAdd(entry[0], () => blobOf(entry))!,
  );
  const nameOf = ({ digest, bytes }: Blob): BlobName => ({ digest, bytes });
  const words = { inputs: nameOf(inputs), classes: packed.map(nameOf), security };
  return {
    ...words,
    range: rest.range,
    digest: jobDigest(words),
    blobs: new Map([inputs, ...packed].map(({ digest, content }) => [digest, content])),
  };
}

/** Names a job by all that decides on its proof. */
export function jobDigest({
  inputs,
  classes,
  security: { bits, logBlowup, powBits },
}: Pick<QueuedJob, "inputs" | "classes" | "security">): string {
  const digests = [inputs, ...classes].map(({ digest }) => digest);
  return digestOf(JSON.stringify([digests, bits ?? 0, logBlowup ?? 0, powBits ?? 0]));
}

/** What lies in the queue is not what it should be. */
export class BadJob extends Error {
  override readonly name = "BadJob";
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

const isCount = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;

function ensure(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BadJob(`the job has no proper ${what}`);
}

function blobName(value: unknown): BlobName {
  const { digest, bytes } = fieldsOf(value);
  ensure(isDigest(digest) && isCount(bytes, MAX_BLOB_BYTES), "name of a blob");
  return { digest, bytes };
}

function proverName(value: unknown): string {
  ensure(typeof value === "string" && value.length <= MAX_NAME_LENGTH, "prover's name");
  return value;
}

function listOf<T>(value: unknown, max: number, item: (value: unknown) => T): T[] {
  ensure(Array.isArray(value) && value.length <= max, "list");
  return value.map(item);
}

function rangeOf(value: unknown): BlockRange {
  const { first, last } = fieldsOf(value);
  const max = Number.MAX_SAFE_INTEGER;
  ensure(isCount(first, max) && isCount(last, max) && first <= last, "range of blocks");
  return { first, last };
}

function securityOf(value: unknown): SecurityOptions {
  const names = ["bits", "logBlowup", "powBits"] as const;
  const given = fieldsOf(value);
  const entries = names.flatMap((name) => {
    const option = given[name];
    if (option === undefined) return [];
    ensure(isCount(option, 1_000), `security option ${name}`);
    return [[name, option]];
  });
  return Object.fromEntries(entries) as SecurityOptions;
}

/** Reads what lies in the queue. Throws BadJob. */
export function parseQueuedJob(value: unknown): QueuedJob {
  const { range, inputs, classes, security, refused, failedBy } = fieldsOf(value);
  return {
    range: rangeOf(range),
    inputs: blobName(inputs),
    classes: listOf(classes, MAX_CLASSES, blobName),
    security: securityOf(security),
    refused: listOf(refused, MAX_NAMES, proverName),
    failedBy: listOf(failedBy, MAX_NAMES, proverName),
  };
}

/**
 * The job of blobs whose digests were checked. What is deeper than the parts is for the thread that proves it to
 * stumble over. Throws BadJob.
 */
export function unpackJob(
  { range }: Pick<QueuedJob, "range">,
  inputs: Uint8Array,
  classes: readonly Uint8Array[],
): ProofJob {
  const given = fieldsOf(read(inputs));
  const { state, feeTokens, blocks } = given;
  const whole = rangeOf(given["range"]);
  ensure(whole.first === range.first && whole.last === range.last, "range of blocks");
  ensure(typeof given["chainId"] === "bigint" && isFelt(given["chainId"]), "chain id");
  ensure(given["agedHashes"] instanceof Map, "hashes of blocks");
  ensure(Array.isArray(blocks) && blocks.length === whole.last - whole.first + 1, "blocks");
  ensure(
    Object.values(fieldsOf(feeTokens)).every((token) => typeof token === "bigint"),
    "tokens",
  );
  const { contractsRoot, classesRoot, ...maps } = fieldsOf(state);
  ensure(
    typeof contractsRoot === "bigint" && typeof classesRoot === "bigint",
    "roots of the state",
  );
  ensure(
    Object.values(maps).every((map) => map instanceof Map),
    "state",
  );
  return {
    ...(given as unknown as Inputs),
    classes: new Map(classes.map((bytes): ClassEntry => classEntry(read(bytes)))),
  };
}

function classEntry(value: unknown): ClassEntry {
  ensure(Array.isArray(value) && value.length === 2 && typeof value[0] === "bigint", "class");
  const { sierra, casm } = fieldsOf(value[1]);
  ensure(typeof sierra === "object" && typeof casm === "object", "class");
  return value as unknown as ClassEntry;
}

function read(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw new BadJob(`the job cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
