/**
 * The verifier of the proof protocol of StarkWare's EVM verifiers (protocol spec): the order of messages
 * and checks. Every other module of this folder is one of its parts; contracts/verifier/StarkVerifier.sol is its
 * twin on L1.
 *
 * Stricter than StarkWare's contracts, so that a proof has one encoding: field elements of the proof are
 * below the prime, cells and addresses of public memory are canonical, and nothing but zeros up to a whole
 * word follows the proof.
 */
import { add, type Felt, mul } from "../../field/felt.ts";
import { evaluateAtPoint } from "../air/air.ts";
import { Channel, NONCE_BYTES } from "../channel/channel.ts";
import { fromMontgomery, toMontgomery } from "../montgomery.ts";
import type { ProofFile } from "../proof-file.ts";
import { deepQuotient } from "./deep.ts";
import { completeCosets, cosetLeaf, foldCoset, type FriPoint, lastLayerAt } from "./fri.ts";
import { verifierLayout } from "./layout.ts";
import { type Leaf, leafOf, rootOf } from "./merkle.ts";
import {
  checkSecurity,
  parseParameters,
  type ProofParameters,
  type SecurityRequirement,
} from "./parameters.ts";
import { elementOf, ProofReader, type ProofSection, type SectionKind } from "./proof-reader.ts";
import { checkSegments, parsePublicInput, type PublicInput } from "./public-input.ts";
import { checkPages } from "./public-memory.ts";
import { publicValues } from "./public-values.ts";
import { ensure, Mismatch, ProofRejected, type VerifierStep } from "./rejection.ts";

const COMPOSITION_COLUMNS = 2;

/** What an accepted proof shows, and where its parts lie. */
export interface Verification {
  readonly layout: string;
  readonly parameters: ProofParameters;
  readonly publicInput: PublicInput;
  /** In ascending order, without duplicates. */
  readonly queries: readonly number[];
  readonly sections: readonly ProofSection[];
  /** The digest of the channel after each message of the prover. */
  readonly transcript: readonly Uint8Array[];
}

export const DEFAULT_SECURITY: SecurityRequirement = { bits: 96, minPowBits: 0 };

/** Runs a part of the verification; what it finds wrong is a rejection at that step. */
function step<T>(name: VerifierStep, run: () => T): T {
  try {
    return run();
  } catch (error) {
    // RangeError: a division by zero, at a point that an honest prover meets with probability 2^-200.
    if (!(error instanceof Mismatch || error instanceof RangeError)) throw error;
    throw new ProofRejected(name, error.message);
  }
}

/** Checks a proof. Throws ProofRejected. */
export function verify(
  file: ProofFile,
  required: SecurityRequirement = DEFAULT_SECURITY,
): Verification {
  // The statement.
  const layout = step("layout", () => {
    const found = verifierLayout(file.layout);
    ensure(found !== undefined, `unknown layout "${file.layout}"`);
    return found;
  });
  const publicInput = step("public input", () => parsePublicInput(file.publicInput, layout));
  const parameters = step("parameters", () =>
    parseParameters(file.parameters, publicInput.logRows),
  );
  step("security", () => checkSecurity(parameters, required));
  step("builtin segments", () => checkSegments(publicInput, layout));
  step("memory pages", () => checkPages(publicInput, file.pages, layout));

  // The prover's messages and the verifier's randomness, up to the out-of-domain values.
  const { logDomain, logRows, friSteps } = parameters;
  const reader = new ProofReader(file.proof);
  const channel = new Channel(publicInput.seed);
  const transcript = [channel.digest];
  const absorb = (bytes: Uint8Array): void => {
    channel.absorb(bytes);
    transcript.push(channel.digest);
  };
  const receive = (name: string, kind: SectionKind, count = 1): Uint8Array[] => {
    reader.section(name, kind);
    const words = reader.words(count);
    words.forEach(absorb);
    return words;
  };
  const draw = (count: number): Felt[] => Array.from({ length: count }, () => channel.drawFelt());

  const early = step("commitments", () => {
    const [traceRoot] = receive("trace root", "root");
    const interaction = draw(layout.interactionElements.length);
    const [interactionRoot] = receive("interaction root", "root");
    const alpha = channel.drawFelt();
    const [compositionRoot] = receive("composition root", "root");
    const z = channel.drawFelt();
    const words = layout.air.mask.length + COMPOSITION_COLUMNS;
    const claimed = receive("out-of-domain values", "elements", words).map((word) =>
      fromMontgomery(elementOf(word)),
    );
    const roots = [traceRoot!, interactionRoot!, compositionRoot!] as const;
    return { roots, interaction, alpha, z, claimed };
  });
  const { z, claimed } = early;
  step("constraints", () => {
    const values = publicValues(layout, publicInput, file.pages, early.interaction);
    const mask = claimed.slice(0, layout.air.mask.length);
    const [even, odd] = claimed.slice(layout.air.mask.length) as [Felt, Felt];
    const point = { rows: 2 ** logRows, x: z, mask, values };
    const composition = evaluateAtPoint(layout.air, point, early.alpha);
    ensure(
      composition === add(even, mul(z, odd)),
      "constraints and claimed composition differ at the out-of-domain point",
    );
  });

  // The commitments of FRI, the work, the queries.
  const gamma = channel.drawFelt();
  const fri = step("FRI commitments", () => {
    const layers = friSteps.map((friStep, i) => {
      const [root] = receive(`FRI root ${i + 1}`, "root");
      return { step: friStep, root: root!, beta: channel.drawFelt() };
    });
    reader.section("last layer", "elements");
    const words = reader.words(1 << parameters.logLast);
    absorb(Buffer.concat(words));
    return { layers, lastLayer: words.map(elementOf) };
  });
  step("proof of work", () => {
    if (parameters.powBits === 0) return;
    reader.section("nonce", "nonce");
    const nonce = reader.bytes(NONCE_BYTES);
    ensure(
      channel.isProofOfWork(parameters.powBits, nonce),
      `the nonce does not carry ${parameters.powBits} bits of work`,
    );
    absorb(nonce);
  });
  const queries = channel.drawQueries(parameters.queries, logDomain);

  // The rows at the queries, each tree against its root.
  const open = (name: string, leaves: readonly Leaf[], height: number, root: Uint8Array): void => {
    reader.section(`${name} nodes`, "nodes");
    const computed = rootOf(leaves, height, () => reader.word());
    ensure(Buffer.compare(computed, root) === 0, `the opening does not lead to the ${name} root`);
  };
  const trees = ["trace", "interaction", "composition"] as const;
  const widths = [layout.traceColumns, layout.interactionColumns, COMPOSITION_COLUMNS];
  const rows = trees.map((name, tree) =>
    step(`${name} opening`, () => {
      reader.section(`${name} rows`, "rows");
      const words = queries.map(() => reader.words(widths[tree]!));
      const elements = words.map((row) => row.map((word) => fromMontgomery(elementOf(word))));
      const leaves = queries.map((index, i) => ({ index, hash: leafOf(words[i]!) }));
      open(name, leaves, logDomain, early.roots[tree]!);
      return elements;
    }),
  );

  // FRI, from the DEEP quotient on.
  let layer = step("DEEP quotient", () => {
    const columns = layout.traceColumns + layout.interactionColumns;
    const quotient = deepQuotient({
      ...{ mask: layout.air.mask, columns, logRows, logDomain, z, gamma, claimed },
    });
    return queries.map((index, i): FriPoint => {
      const row = rows.flatMap((tree) => tree[i]!);
      return { index, value: toMontgomery(quotient(index, row)) };
    });
  });
  let logLayer = logDomain;
  for (const [i, { step: friStep, root, beta }] of fri.layers.entries()) {
    const name = `FRI layer ${i + 1}` as const;
    layer = step(name, () => {
      reader.section(`${name} witnesses`, "elements");
      const cosets = completeCosets(layer, friStep, () => elementOf(reader.word()));
      open(name, cosets.map(cosetLeaf), logLayer - friStep, root);
      return cosets.map((coset) => foldCoset(coset, logLayer, beta));
    });
    logLayer -= friStep;
  }
  step("last layer", () => {
    for (const { index, value } of layer) {
      ensure(
        lastLayerAt(fri.lastLayer, index, logLayer) === value,
        `the last polynomial differs at index ${index}`,
      );
    }
  });
  step("end of proof", () => reader.finish());
  const { name } = layout;
  return { layout: name, parameters, publicInput, queries, sections: reader.sections, transcript };
}
