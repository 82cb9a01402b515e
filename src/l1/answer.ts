/** Looks at what a node answered before it is believed: gateways, proxies and broken nodes answer anything. */
import { L1UnavailableError } from "./transport.ts";

const SHOWN = 60;

/** An answer of L1, or a part of one. Every reader throws L1UnavailableError, since trying later may help. */
export class Answer {
  readonly #method: string;
  readonly #path: string;
  readonly #value: unknown;

  constructor(method: string, value: unknown, path = "") {
    this.#method = method;
    this.#path = path;
    this.#value = value;
  }

  /** A number in hex. */
  quantity(): bigint {
    const value = this.#value;
    return typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)
      ? BigInt(value)
      : this.#refuse("a number in hex");
  }

  number(): number {
    return Number(this.quantity());
  }

  /** Bytes in hex, of any number or of `length`. */
  bytes(length?: number): string {
    const value = this.#value;
    const fits =
      typeof value === "string" &&
      /^0x([0-9a-f]{2})*$/i.test(value) &&
      (length === undefined || value.length === 2 + 2 * length);
    return fits ? value : this.#refuse(`${length ?? "any number of"} bytes in hex`);
  }

  list(): readonly Answer[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.#refuse("a list");
    return value.map((part, i) => new Answer(this.#method, part, `${this.#path}[${i}]`));
  }

  /** A field of an object. */
  field(name: string): Answer {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return this.#refuse("an object");
    const part = (value as Readonly<Record<string, unknown>>)[name];
    return new Answer(this.#method, part, `${this.#path}.${name}`);
  }

  /** Undefined where a field is absent or null. */
  optional(): Answer | undefined {
    return this.#value === undefined || this.#value === null ? undefined : this;
  }

  /** Undefined where the answer is null: an answer that is absent is none. */
  nullable(): Answer | undefined {
    return this.#value === null ? undefined : this;
  }

  #refuse(expected: string): never {
    const shown = JSON.stringify(this.#value) ?? "nothing";
    const cut = shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
    throw new L1UnavailableError(
      `L1 answers ${this.#method} with ${cut} where ${expected} is expected` +
        (this.#path === "" ? "" : `, at ${this.#path}`),
    );
  }
}
