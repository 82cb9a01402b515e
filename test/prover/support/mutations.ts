/** Changes to a good proof, each of which a verifier must refuse. */
import { P } from "../../../src/field/felt.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import type { ProofSection } from "../../../src/prover/verifier/proof-reader.ts";
import { keccakOfWords } from "../../../src/prover/verifier/public-input.ts";
import type { MemoryCell, MemoryPage } from "../../../src/prover/verifier/public-memory.ts";
import type { Verification } from "../../../src/prover/verifier/verify.ts";
import { bigIntToBytes, bytesToBigInt } from "../../../src/util/bytes.ts";

export interface Mutation {
  readonly name: string;
  readonly file: ProofFile;
  /** The step that notices. */
  readonly step: RegExp;
}

const WORD = 32;
/** Where the transcript is another one, the constraints fail at the new out-of-domain point. */
const TRANSCRIPT = /^constraints$/;

const SECTION_STEPS: readonly (readonly [section: RegExp, step: RegExp])[] = [
  [/ root$|^out-of-domain/, TRANSCRIPT],
  [/^FRI root|^last layer$|^nonce$/, /^(proof of work|FRI commitments)$/],
  [/^trace /, /^trace opening$/],
  [/^interaction /, /^interaction opening$/],
  [/^composition /, /^composition opening$/],
  [/^FRI layer/, /^FRI layer/],
];

const sectionStep = (name: string): RegExp =>
  SECTION_STEPS.find(([section]) => section.test(name))![1];

function withProof(file: ProofFile, change: (proof: Buffer) => Uint8Array | undefined): ProofFile {
  const proof = Buffer.from(file.proof);
  return { ...file, proof: change(proof) ?? proof };
}

const flip =
  (at: number, bit: number) =>
  (proof: Buffer): undefined => {
    proof[at]! ^= 1 << bit;
  };

/** The first and the last bit of each section, and one in the middle. */
function* sectionBits(file: ProofFile, { name, start, end }: ProofSection): Iterable<Mutation> {
  const step = sectionStep(name);
  const middle = start + Math.floor((end - start) / 2);
  for (const [at, bit] of [
    [start, 0],
    [middle, 3],
    [end - 1, 0],
  ] as const) {
    yield {
      name: `${name}: bit ${bit} of byte ${at - start}`,
      file: withProof(file, flip(at, bit)),
      step,
    };
  }
}

/** A field element written as value + P. */
function* notCanonical(
  file: ProofFile,
  { name, kind, start, end }: ProofSection,
): Iterable<Mutation> {
  if (kind !== "elements" && kind !== "rows") return;
  const at = start + WORD * Math.floor((end - start) / WORD / 2);
  const raised = withProof(file, (proof) => {
    const value = bytesToBigInt(proof.subarray(at, at + WORD));
    proof.set(bigIntToBytes(value + P, WORD), at);
    return undefined;
  });
  yield {
    name: `${name}: value + P`,
    file: raised,
    step: /^(commitments|constraints|FRI commitments|.* opening|FRI layer .*)$/,
  };
}

function* lengths(file: ProofFile): Iterable<Mutation> {
  const { length } = file.proof;
  const cut = (bytes: number): ProofFile =>
    withProof(file, (proof) => proof.subarray(0, length - bytes));
  for (const bytes of [1, WORD, 20 * WORD])
    yield { name: `${bytes} bytes less`, file: cut(bytes), step: /^FRI layer/ };
  yield { name: "no bytes", file: cut(length), step: /^commitments$/ };
  const more = (bytes: Uint8Array): ProofFile =>
    withProof(file, (proof) => Buffer.concat([proof, bytes]));
  yield { name: "one byte more", file: more(Uint8Array.of(1)), step: /^end of proof$/ };
  yield { name: "one word more", file: more(new Uint8Array(WORD)), step: /^end of proof$/ };
}

function* exchanged(file: ProofFile, { name, kind, start, end }: ProofSection): Iterable<Mutation> {
  if (kind !== "rows" && kind !== "nodes") return;
  const swapped = withProof(file, (proof) => {
    const first = file.proof.subarray(start, start + WORD);
    proof.set(file.proof.subarray(end - WORD, end), start);
    proof.set(first, end - WORD);
    return undefined;
  });
  if (Buffer.compare(swapped.proof, file.proof) === 0) return;
  yield { name: `${name}: first and last word exchanged`, file: swapped, step: sectionStep(name) };
}

/** Public input words one up, and with a bit beyond any field element. */
function* publicInputWords(file: ProofFile): Iterable<Mutation> {
  const step = /^(public input|parameters|security|builtin segments|memory pages|constraints)$/;
  for (const [i, word] of file.publicInput.entries()) {
    for (const other of [word + 1n, word ^ (1n << 255n)]) {
      const publicInput = file.publicInput.with(i, other);
      yield { name: `public input ${i}: ${other}`, file: { ...file, publicInput }, step };
    }
  }
  const less = { ...file, publicInput: file.publicInput.slice(0, -1) };
  yield { name: "public input: one word less", file: less, step: /^public input$/ };
  const more = { ...file, publicInput: [...file.publicInput, 0n] };
  yield { name: "public input: one word more", file: more, step: /^public input$/ };
}

function* publicMemory(file: ProofFile): Iterable<Mutation> {
  const [first, ...others] = file.pages;
  if (first === undefined || !("cells" in first)) return;
  const { cells } = first;
  const withCells = (changed: readonly MemoryCell[]): ProofFile => ({
    ...file,
    pages: [{ cells: changed }, ...others],
  });
  const step = /^memory pages$/;
  for (const i of [0, Math.floor(cells.length / 2), cells.length - 1]) {
    const [address, value] = cells[i]!;
    const changes: Record<string, MemoryCell> = {
      "another address": [address + 1n, value],
      "another value": [address, value ^ 1n],
      "value + P": [address, value + P],
    };
    for (const [name, cell] of Object.entries(changes))
      yield { name: `memory cell ${i}: ${name}`, file: withCells(cells.with(i, cell)), step };
  }
  // With a page hash that fits, the transcript is another one.
  const [address, value] = cells[0]!;
  const changed = cells.with(0, [address, value ^ 1n]);
  const at = file.publicInput.lastIndexOf(BigInt(cells.length)) + 1;
  const publicInput = file.publicInput.with(at, bytesToBigInt(keccakOfWords(changed.flat())));
  const consistent = { ...withCells(changed), publicInput };
  yield { name: "memory cell 0 and the hash of its page", file: consistent, step: TRANSCRIPT };
  yield { name: "one memory cell less", file: withCells(cells.slice(1)), step };
  yield { name: "memory cells in another order", file: withCells(cells.toReversed()), step };
  const page: MemoryPage = { start: 1n, values: [1n] };
  yield { name: "one page more", file: { ...file, pages: [...file.pages, page] }, step };
  yield { name: "no page", file: { ...file, pages: [] }, step };
}

function* parameterWords(file: ProofFile): Iterable<Mutation> {
  const { parameters } = file;
  const change = (...changes: readonly (readonly [number, bigint])[]): ProofFile => ({
    ...file,
    parameters: changes.reduce((words, [i, by]) => words.with(i, words[i]! + by), parameters),
  });
  const step =
    /^(parameters|security|proof of work|trace opening|FRI layer|constraints|commitments|FRI commitments)/;
  for (const i of parameters.keys()) {
    yield { name: `parameter ${i} one up`, file: change([i, 1n]), step };
    if (parameters[i]! > 0n)
      yield { name: `parameter ${i} one down`, file: change([i, -1n]), step };
  }
  const last = parameters.length - 1;
  // Degrees that still fit.
  yield { name: "larger first FRI step", file: change([6, 1n], [last, -1n]), step };
  yield { name: "larger last layer", file: change([3, 1n], [last, -1n]), step };
  yield { name: "blowup for queries", file: change([1, 1n], [0, -1n]), step };
  yield { name: "no work", file: change([2, -parameters[2]!]), step };
}

/** All changes to the sections, the public input, the pages and the parameters. */
export function* mutations(file: ProofFile, { sections }: Verification): Iterable<Mutation> {
  for (const section of sections.filter(({ start, end }) => end > start)) {
    yield* sectionBits(file, section);
    yield* notCanonical(file, section);
    yield* exchanged(file, section);
  }
  yield* lengths(file);
  yield* publicInputWords(file);
  yield* publicMemory(file);
  yield* parameterWords(file);
}
