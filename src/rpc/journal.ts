/**
 * The journal of requests that changed the chain: what starknet-devnet calls a dump. A file of it is a
 * JSON array of JSON-RPC requests, and loading it runs them again.
 */
import { readFile, rename, rm, writeFile, open } from "node:fs/promises";
import type { DumpOn } from "./control.ts";
import { RpcError, toRpcError } from "./errors.ts";
import { parseJson, parsePrintable, stringifyJson } from "./json.ts";
import { isObject } from "./schema/schema.ts";

export interface JournalEntry {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params: unknown;
  readonly id: unknown;
}

export interface JournalOptions {
  /** Without it, nothing is remembered. */
  readonly dumpOn: DumpOn | undefined;
  readonly dumpPath: string | undefined;
}

const dumpFailed = (reason: string): RpcError => new RpcError("DUMP_FAILED", { message: reason });
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Loading would not come to an end where it loads itself. */
const LOAD = "devnet_load";

/** The requests of a dump. Throws RpcError for anything else. */
export function parseEntries(value: unknown): JournalEntry[] {
  if (!Array.isArray(value)) throw dumpFailed("a dump must be an array of JSON-RPC requests");
  return value.map((entry: unknown, index) => {
    if (!isObject(entry) || typeof entry["method"] !== "string") {
      throw dumpFailed(`entry ${index} of the dump is not a JSON-RPC request`);
    }
    if (entry["method"] === LOAD) {
      throw dumpFailed(`entry ${index} of the dump is ${LOAD}: a dump cannot load another`);
    }
    return {
      jsonrpc: "2.0",
      method: entry["method"],
      params: entry["params"],
      id: entry["id"] ?? index,
    };
  });
}

/** Runs the requests of a dump in their order. Rejects with RpcError at the first that fails. */
export async function runEntries(
  entries: readonly JournalEntry[],
  run: (method: string, params: unknown) => Promise<unknown>,
): Promise<void> {
  for (const [index, { method, params }] of entries.entries()) {
    try {
      await run(method, params);
    } catch (error) {
      const known = toRpcError(error);
      if (known === undefined) throw error;
      throw dumpFailed(`entry ${index} of the dump, ${method}, failed: ${textOf(known)}`);
    }
  }
}

const textOf = ({ message, data }: RpcError): string =>
  data === undefined
    ? message
    : `${message}: ${typeof data === "string" ? data : JSON.stringify(data)}`;

/** Reads a dump file. Rejects with RpcError. */
export async function readDump(path: string): Promise<JournalEntry[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw dumpFailed(`cannot read ${path}: ${reasonOf(error)}`);
  }
  try {
    return parseEntries(parseJson(text));
  } catch (error) {
    const problem = error instanceof RpcError ? "" : "no JSON: ";
    throw dumpFailed(`${path}: ${problem}${reasonOf(error)}`);
  }
}

export class Journal {
  readonly #options: JournalOptions;
  /** JSON texts: entries may be of some MB, and are written more often than read. */
  #entries: string[] = [];
  readonly #lengths = new Map<number, number>();
  /** File operations, one after the other. */
  #file: Promise<void> = Promise.resolve();

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  get enabled(): boolean {
    return this.#options.dumpOn !== undefined;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** As `JSON.stringify` writes them: integers have all their digits. */
  entries(): JournalEntry[] {
    return this.#entries.map((text) => parsePrintable(text) as JournalEntry);
  }

  /** Adds a request; in mode `block`, it is in the file when the promise resolves. */
  async record(request: Omit<JournalEntry, "jsonrpc">): Promise<void> {
    if (!this.enabled) return;
    const { method, params, id } = request;
    const entry = stringifyJson({ jsonrpc: "2.0", method, params: params ?? null, id: id ?? null });
    this.#entries.push(entry);
    const path = this.#options.dumpPath;
    if (this.#options.dumpOn === "block" && path !== undefined) {
      await this.#queue(() => append(path, entry));
    }
  }

  /** Writes all entries to `path`, or to the file of the options; nothing where there is neither or no entry. */
  async write(path: string | undefined = this.#options.dumpPath): Promise<void> {
    if (path === undefined || path === "" || this.#entries.length === 0) return;
    await this.#queue(() => replace(path, this.#entries));
  }

  /** Goes on from the entries of a dump that has been run. */
  async resume(entries: readonly JournalEntry[]): Promise<void> {
    if (!this.enabled) return;
    this.#entries = entries.map((entry) => stringifyJson(entry));
    await this.#rewrite();
  }

  /** Forgets all entries and snapshots, and the file of mode `block`. */
  async clear(): Promise<void> {
    this.#entries = [];
    this.#lengths.clear();
    await this.#rewrite();
  }

  /** Remembers where snapshot `id` was taken. */
  mark(id: number): void {
    this.#lengths.set(id, this.#entries.length);
  }

  /** Forgets what came after snapshot `id`, at once; nothing for one that is not marked. */
  async truncate(id: number): Promise<void> {
    const length = this.#lengths.get(id);
    if (length === undefined) return;
    this.#entries.length = Math.min(length, this.#entries.length);
    for (const later of this.#lengths.keys()) if (later >= id) this.#lengths.delete(later);
    await this.#rewrite();
  }

  async #rewrite(): Promise<void> {
    const path = this.#options.dumpPath;
    if (this.#options.dumpOn !== "block" || path === undefined) return;
    await this.#queue(() =>
      this.#entries.length === 0 ? rm(path, { force: true }) : replace(path, this.#entries),
    );
  }

  async #queue(operation: () => Promise<void>): Promise<void> {
    const done = this.#file.then(operation);
    this.#file = done.catch(() => undefined);
    try {
      await done;
    } catch (error) {
      throw dumpFailed(reasonOf(error));
    }
  }
}

/** Puts the new file in place in one step: a crash leaves the old one. */
async function replace(path: string, entries: readonly string[]): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `[${entries.join(",")}]`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Adds an entry before the closing bracket of the file, or starts the file. */
async function append(path: string, entry: string): Promise<void> {
  let file;
  try {
    file = await open(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await writeFile(path, `[${entry}]`);
    return;
  }
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    if (last.toString() !== "]") throw new Error(`${path} is not a dump: it does not end in "]"`);
    await file.write(`,${entry}]`, size - 1);
  } finally {
    await file.close();
  }
}
