/** Sequential reader of a proof's bytes (protocol spec §4). Field elements must be canonical. */
import { type Felt, isFelt } from "../../field/felt.ts";
import { bytesToBigInt } from "../../util/bytes.ts";
import { ensure } from "./rejection.ts";

export const WORD_BYTES = 32;

/** What a stretch of the proof holds; `nodes` are the authentication nodes of a tree. */
export type SectionKind = "root" | "elements" | "nonce" | "rows" | "nodes";

export interface ProofSection {
  readonly name: string;
  readonly kind: SectionKind;
  readonly start: number;
  readonly end: number;
}

export class ProofReader {
  readonly #bytes: Uint8Array;
  readonly #sections: ProofSection[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The sections read so far. */
  get sections(): readonly ProofSection[] {
    return this.#sections;
  }

  /** Everything that is read from here on, until the next call, is the section `name`. */
  section(name: string, kind: SectionKind): void {
    this.#sections.push({ name, kind, start: this.#at, end: this.#at });
  }

  bytes(count: number): Uint8Array {
    const section = this.#sections.at(-1)!;
    ensure(this.#at + count <= this.#bytes.length, `the proof ends in "${section.name}"`);
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    this.#sections[this.#sections.length - 1] = { ...section, end: this.#at };
    return part;
  }

  word(): Uint8Array {
    return this.bytes(WORD_BYTES);
  }

  words(count: number): Uint8Array[] {
    return Array.from({ length: count }, () => this.word());
  }

  /** The proof ends here, but for zeros that pad it to whole words. */
  finish(): void {
    const rest = this.#bytes.subarray(this.#at);
    const padding = rest.length < WORD_BYTES && rest.every((byte) => byte === 0);
    ensure(padding, `${rest.length} bytes follow the proof`);
  }
}

/** The field element, in the form in which it is written, that a word holds. */
export function elementOf(word: Uint8Array): Felt {
  const value = bytesToBigInt(word);
  ensure(isFelt(value), "a field element is not below the prime");
  return value;
}
