/** Names of what lies in Redis. Content is named by its digest, so that what many chains put there never clashes. */
import { createHash } from "node:crypto";

export const PREFIX = "hardhat-starknet";

/** One for each version of provers. */
export const queueName = (version: string): string => `proofs-${version}`;

/** The bytes of that digest: inputs of jobs, classes. */
export const blobKey = (digest: string): string => `${PREFIX}:blob:${digest}`;

/** Hash with `prover` and `proof`: what a prover has made of the job of that digest. */
export const proofKey = (digest: string): string => `${PREFIX}:proof:${digest}`;

/** Sorted set: who is there, by the time until which it is believed. */
export const presenceKey = (kind: "prover" | "client"): string => `${PREFIX}:${kind}s`;

export const digestOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

export const isDigest = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

/** Of what a prover calls itself. */
export const MAX_NAME_LENGTH = 200;

/** How a prover ends a job whose inputs are gone. */
export const UNWANTED = "nobody wants this proof any more";
