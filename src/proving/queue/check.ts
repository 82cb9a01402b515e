/**
 * Whether bytes of a prover that nobody trusts are the proof that was asked for. What passes is what a prover of this
 * process would have made: the registry on L1 takes it (contracts/verifier/CairoFactRegistry.sol).
 */
import { gunzipSync } from "node:zlib";
import type { Felt } from "../../field/felt.ts";
import { osProgram } from "../../os/program.ts";
import { ProverError } from "../../prover/errors.ts";
import { checkProgramPages } from "../../prover/program-pages.ts";
import { NotAProofFile, parseProofFile, type ProofFile } from "../../prover/proof-file.ts";
import {
  chooseParameters,
  DEFAULT_SECURITY_BITS,
  parameterWords,
  type SecurityOptions,
} from "../../prover/security.ts";
import { verifierLayout } from "../../prover/verifier/layout.ts";
import { WORD_BYTES } from "../../prover/verifier/proof-reader.ts";
import { parsePublicInput } from "../../prover/verifier/public-input.ts";
import { ensure, Mismatch, ProofRejected } from "../../prover/verifier/rejection.ts";
import { type Verification, verify } from "../../prover/verifier/verify.ts";
import { BLOCK_LAYOUT_NAME, type BlockProof } from "../prove-job.ts";

/** What the proof must show, and how. */
export interface Expectation {
  /** Words of the OS's output, as the sequencer has them. */
  readonly output: readonly Felt[];
  readonly security: SecurityOptions;
}

/** The bytes are no proof of what was asked for. */
export class BadProof extends Error {
  override readonly name = "BadProof";
}

/** Twenty times what a proof takes; gzip could make gigabytes of what was sent. */
const MAX_TEXT_BYTES = 1 << 24;
/** What of a Merkle node is a hash (verifier/merkle.ts); L1 is sent no more of it. */
const HASH_BYTES = 20;

/** @param bytes a gzipped proof file. Throws BadProof. */
export function checkProof(bytes: Uint8Array, expected: Expectation): BlockProof {
  try {
    const file = read(bytes);
    const { logSteps, logRows } = checkStatement(file, expected);
    const { bits = DEFAULT_SECURITY_BITS, powBits = 0 } = expected.security;
    checkNodes(file, verify(file, { bits, minPowBits: powBits }));
    return { words: expected.output, file, steps: 2 ** logSteps, rows: 2 ** logRows };
  } catch (error) {
    const isKnown = [Mismatch, ProofRejected, NotAProofFile, ProverError].some(
      (kind) => error instanceof kind,
    );
    if (!isKnown) throw error;
    throw new BadProof((error as Error).message, { cause: error });
  }
}

function read(bytes: Uint8Array): ProofFile {
  let json: unknown;
  try {
    json = JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString("utf8"));
  } catch (error) {
    throw new BadProof(`no gzipped JSON: ${(error as Error).message}`, { cause: error });
  }
  return parseProofFile(json);
}

/** The statement is the one that was asked for, and the parameters those of our own prover. */
function checkStatement(
  { layout: name, publicInput: words, parameters, pages }: ProofFile,
  { output, security }: Expectation,
): { logSteps: number; logRows: number } {
  ensure(name === BLOCK_LAYOUT_NAME, `layout ${name}, not ${BLOCK_LAYOUT_NAME}`);
  const input = parsePublicInput(words, verifierLayout(name)!);
  const chosen = parameterWords(chooseParameters(input.logRows, security));
  ensure(isSame(parameters, chosen), "it has other parameters than were asked for");
  const { program, builtins } = osProgram();
  const proven = checkProgramPages(input, pages, { words: program.bytecode, builtins });
  ensure(isSame(proven, output), "it is a proof of another output");
  return input;
}

/** The verifier here hashes whole words, the one on L1 takes the hash alone. */
function checkNodes({ proof }: ProofFile, { sections }: Verification): void {
  for (const { name, kind, start, end } of sections) {
    if (kind !== "nodes") continue;
    for (let at = start; at < end; at += WORD_BYTES)
      ensure(
        proof.subarray(at + HASH_BYTES, at + WORD_BYTES).every((byte) => byte === 0),
        `${name} have a node that is longer than a hash`,
      );
  }
}

const isSame = (a: readonly bigint[], b: readonly bigint[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);
