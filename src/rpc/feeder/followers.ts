/** The nodes that follow this sequencer: each names its JSON-RPC in a header when it asks for the head. */

export const NODE_HEADER = "starknet-node";

/** A node that has not asked for so long is gone, in milliseconds. */
const LIFETIME_MS = 30_000;
const MAX_NODES = 64;
const MAX_URL = 200;

export class Followers {
  /** URL -> when it was last heard of, oldest first */
  readonly #heard = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Notes what a request says; anything but the URL of an HTTP server is overlooked. */
  note(header: unknown): void {
    if (typeof header !== "string" || header.length > MAX_URL || !URL.canParse(header)) return;
    const { protocol, href } = new URL(header);
    if (protocol !== "http:" && protocol !== "https:") return;
    this.#heard.delete(href);
    this.#heard.set(href, this.#now());
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MAX_NODES) break;
      this.#heard.delete(oldest);
    }
  }

  /** URLs of the nodes' JSON-RPCs, in order. */
  urls(): string[] {
    const since = this.#now() - LIFETIME_MS;
    return [...this.#heard].flatMap(([url, at]) => (at >= since ? [url] : [])).sort();
  }
}
