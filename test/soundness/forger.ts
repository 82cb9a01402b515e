/**
 * A prover without a witness, for a statement that is false. Its columns are random, its claimed values fit the
 * constraints because one of them was chosen last, and it follows the protocol to the letter from there on. All that it
 * gets wrong is that the DEEP quotient is no polynomial of low degree, so that its last layer is a lie on half of the points.
 */
import { add, type Felt, mul, P, sub } from "../../src/field/felt.ts";
import { evaluateAtPoint } from "../../src/prover/air/air.ts";
import { Channel, concatBytes, wordBytes } from "../../src/prover/channel/channel.ts";
import { interpolate } from "../../src/prover/codegen/periodic.ts";
import { fromMontgomery, toMontgomery } from "../../src/prover/montgomery.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { deepQuotient } from "../../src/prover/verifier/deep.ts";
import { bitReverse } from "../../src/prover/verifier/domain.ts";
import { foldCoset } from "../../src/prover/verifier/fri.ts";
import type { VerifierLayout } from "../../src/prover/verifier/layout.ts";
import { parseParameters } from "../../src/prover/verifier/parameters.ts";
import type { ProofSection, SectionKind } from "../../src/prover/verifier/proof-reader.ts";
import type { Verification } from "../../src/prover/verifier/verify.ts";
import { leafOf, maskedKeccak } from "../../src/prover/verifier/merkle.ts";
import { parsePublicInput } from "../../src/prover/verifier/public-input.ts";
import type { MemoryPage } from "../../src/prover/verifier/public-memory.ts";
import { publicValues } from "../../src/prover/verifier/public-values.ts";

const COMPOSITION_COLUMNS = 2;
const LOG_BLOWUP = 1;
const FRI_STEPS = [4, 3];

/** What a forger may get wrong on top. */
export type Flaw = "composition" | "quotient" | "fold";

/** Numbers that look random and are the same in every run. */
function randomFelts(seed: bigint): () => Felt {
  let state = seed;
  return () => (state = (state * 0x5851f42d4c957f2d14057b7ef767814fn + 0x1405n) % P);
}

/** All levels of a tree, the leaves first. */
class Tree {
  readonly #levels: Uint8Array[][];

  constructor(leaves: readonly Uint8Array[]) {
    this.#levels = [[...leaves]];
    for (let level = this.#levels[0]!; level.length > 1; this.#levels.push(level)) {
      const below = level;
      level = Array.from({ length: below.length / 2 }, (_, i) =>
        maskedKeccak(below[2 * i]!, below[2 * i + 1]!),
      );
    }
  }

  get root(): Uint8Array {
    return this.#levels.at(-1)![0]!;
  }

  /** Authentication nodes level by level. */
  nodes(leaves: readonly number[]): Uint8Array[] {
    const nodes: Uint8Array[] = [];
    let known = [...leaves];
    for (const level of this.#levels.slice(0, -1)) {
      const set = new Set(known);
      for (const i of known) if (!set.has(i ^ 1)) nodes.push(level[i ^ 1]!);
      known = [...new Set(known.map((i) => i >> 1))];
    }
    return nodes;
  }
}

interface Layer {
  readonly values: readonly Felt[];
  readonly step: number;
  readonly tree: Tree;
}

const elementBytes = (value: Felt): Uint8Array => wordBytes(value);

/** A forged proof, and where its parts lie. */
export interface Forgery extends Pick<Verification, "sections" | "parameters" | "queries"> {
  readonly file: ProofFile;
}

export class Forger {
  readonly #layout: VerifierLayout;
  readonly #words: readonly bigint[];
  readonly #pages: readonly MemoryPage[];
  readonly #logRows: number;
  readonly #channel: Channel;
  readonly #early: Uint8Array[] = [];
  readonly #rows: readonly (readonly (readonly Uint8Array[])[])[];
  readonly #trees: readonly Tree[];
  readonly #layers: Layer[] = [];

  /** @param words public input of any statement in the layout, and its pages */
  constructor(
    layout: VerifierLayout,
    words: readonly bigint[],
    pages: readonly MemoryPage[],
    flaw?: Flaw,
  ) {
    this.#layout = layout;
    this.#words = words;
    this.#pages = pages;
    const input = parsePublicInput(words, layout);
    this.#logRows = input.logRows;
    this.#channel = new Channel(input.seed);
    const random = randomFelts(12345n);
    const size = 2 ** this.#logDomain;
    const widths = [layout.traceColumns, layout.interactionColumns, COMPOSITION_COLUMNS];
    // Random columns, in Montgomery form as all that is committed to.
    this.#rows = widths.map((width) =>
      Array.from({ length: size }, () => Array.from({ length: width }, () => wordBytes(random()))),
    );
    this.#trees = this.#rows.map((rows) => new Tree(rows.map(leafOf)));
    const send = (bytes: Uint8Array): void => {
      this.#channel.absorb(bytes);
      this.#early.push(bytes);
    };

    send(this.#trees[0]!.root);
    const interaction = layout.interactionElements.map(() => this.#channel.drawFelt());
    send(this.#trees[1]!.root);
    const alpha = this.#channel.drawFelt();
    send(this.#trees[2]!.root);
    const z = this.#channel.drawFelt();
    const mask = layout.air.mask.map(random);
    const values = publicValues(layout, input, pages, interaction);
    const point = { rows: 2 ** this.#logRows, x: z, mask, values };
    const composition = evaluateAtPoint(layout.air, point, alpha);
    const odd = random();
    const even = sub(composition, mul(z, odd));
    const claimed = [...mask, flaw === "composition" ? add(even, 1n) : even, odd];
    for (const value of claimed) send(elementBytes(toMontgomery(value)));
    const gamma = this.#channel.drawFelt();
    const quotient = deepQuotient({
      mask: layout.air.mask,
      columns: layout.traceColumns + layout.interactionColumns,
      logRows: this.#logRows,
      logDomain: this.#logDomain,
      ...{ z, gamma, claimed },
    });
    const row = (i: number): Felt[] =>
      this.#rows.flatMap((tree) =>
        tree[i]!.map((word) => fromMontgomery(BigInt(`0x${Buffer.from(word).toString("hex")}`))),
      );
    const first = Array.from({ length: size }, (_, i) => toMontgomery(quotient(i, row(i))));
    if (flaw === "quotient") first.forEach((value, i) => (first[i] = add(value, 1n)));

    // FRI, honestly, until a polynomial would have to come out.
    let layer: Felt[] = first;
    let log = this.#logDomain;
    for (const [n, step] of FRI_STEPS.entries()) {
      const cosets = Array.from({ length: layer.length >> step }, (_, index) => ({
        index,
        values: layer.slice(index << step, (index + 1) << step),
      }));
      const tree = new Tree(cosets.map((coset) => leafOf(coset.values.map(elementBytes))));
      this.#layers.push({ values: layer, step, tree });
      send(tree.root);
      const beta = this.#channel.drawFelt();
      layer = cosets.map((coset) => foldCoset(coset, log, beta).value);
      if (flaw === "fold" && n === 0) layer = layer.map((value) => add(value, value));
      log -= step;
    }
    const last = this.#lastLayer(layer);
    const bytes = concatBytes(...last.map(elementBytes));
    send(bytes);
  }

  get #logDomain(): number {
    return this.#logRows + LOG_BLOWUP;
  }

  get #logLast(): number {
    return this.#logRows - FRI_STEPS.reduce((a, b) => a + b);
  }

  /** The polynomial that agrees with the layer on its first half: the points of half the order. */
  #lastLayer(values: readonly Felt[]): Felt[] {
    const half = values.length / 2;
    const log = Math.log2(half);
    return interpolate(Array.from({ length: half }, (_, i) => values[bitReverse(i, log)]!));
  }

  /** Whether a query leads to a point at which the last layer is what it should be. */
  isTrueAt(query: number): boolean {
    return query < 2 ** (this.#logDomain - 1);
  }

  /** A proof with that nonce, of one bit of work; undefined where the nonce has not even that. */
  proof(queries: number, nonce: bigint): Forgery | undefined {
    // The channel as it was before the nonce.
    const channel = new Channel(this.#channel.digest);
    const nonceBytes = wordBytes(nonce).subarray(24);
    if (!channel.isProofOfWork(1, nonceBytes)) return undefined;
    channel.absorb(nonceBytes);
    const drawn = channel.drawQueries(queries, this.#logDomain);
    const parts: Uint8Array[] = [];
    const sections: ProofSection[] = [];
    let end = 0;
    const section = (name: string, kind: SectionKind, content: readonly Uint8Array[]): void => {
      const start = end;
      end += content.reduce((sum, { length }) => sum + length, 0);
      parts.push(...content);
      sections.push({ name, kind, start, end });
    };
    section("messages", "elements", [...this.#early, nonceBytes]);
    for (const [tree, rows] of this.#rows.entries()) {
      section(
        `rows ${tree}`,
        "rows",
        drawn.flatMap((i) => rows[i]!),
      );
      section(`nodes ${tree}`, "nodes", this.#trees[tree]!.nodes(drawn));
    }
    let known = drawn;
    for (const [n, { values, step, tree }] of this.#layers.entries()) {
      const cosets = [...new Set(known.map((i) => i >> step))];
      const set = new Set(known);
      const members = cosets.flatMap((coset) =>
        Array.from({ length: 1 << step }, (_, i) => (coset << step) + i),
      );
      const witnesses = members.filter((i) => !set.has(i)).map((i) => elementBytes(values[i]!));
      section(`FRI layer ${n + 1} witnesses`, "elements", witnesses);
      section(`FRI layer ${n + 1} nodes`, "nodes", tree.nodes(cosets));
      known = cosets;
    }
    const steps = FRI_STEPS.map(BigInt);
    const parameters = [queries, LOG_BLOWUP, 1, this.#logLast, FRI_STEPS.length + 1, 0].map(BigInt);
    const file: ProofFile = {
      layout: this.#layout.name,
      parameters: [...parameters, ...steps],
      publicInput: this.#words,
      pages: this.#pages,
      proof: concatBytes(...parts),
    };
    return {
      file,
      sections,
      queries: drawn,
      parameters: parseParameters(file.parameters, this.#logRows),
    };
  }
}
