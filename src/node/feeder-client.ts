/**
 * A feeder gateway as a source of blocks. Its answers are read strictly and in bounds: what is of another form is a
 * SourceError that names the address, the field and what was expected. What they state is for the node to check.
 */
import type { Felt } from "../field/felt.ts";
import { toHex } from "../util/hex.ts";
import { NODE_HEADER } from "../rpc/feeder/followers.ts";
import { closedBlock } from "../rpc/feeder/wire/block.ts";
import { stateDiff } from "../rpc/feeder/wire/state-diff.ts";
import { felt } from "../rpc/schema/numbers.ts";
import { integer, object, schemaOf, SchemaError, text, type Schema } from "../rpc/schema/schema.ts";
import { sierraClass } from "../rpc/schema/transaction.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import {
  SourceError,
  type BlockSource,
  type SourceBlock,
  type SourceHead,
} from "./block-source.ts";
import {
  boundedFetch,
  DEFAULT_FETCH_LIMITS,
  type FetchedText,
  type FetchLimits,
} from "./bounded-fetch.ts";

export interface FeederClientOptions {
  readonly limits?: Partial<FetchLimits>;
  /** Bytes of a block with its state diff, and of a class. */
  readonly maxBlockBytes?: number;
  readonly maxClassBytes?: number;
}

const MAX_BLOCK_BYTES = 64 << 20;
const MAX_CLASS_BYTES = 16 << 20;
const MAX_HEADER_BYTES = 64 << 10;

const header = object({ block_hash: felt, block_number: integer(0) });
const blockWithUpdate = object({
  block: closedBlock,
  state_update: object({ block_hash: felt, new_root: felt, state_diff: stateDiff }),
});
const failure = object({ code: text("an error code", 200), message: text("a message", 1 << 16) });

export class FeederClient implements BlockSource {
  readonly url: string;
  readonly #base: string;
  readonly #limits: FetchLimits;
  #headers: Readonly<Record<string, string>> = {};
  /** Something there has answered as a feeder gateway does. */
  #isFeeder = false;
  readonly #maxBlockBytes: number;
  readonly #maxClassBytes: number;

  /** @param url of the server, with or without `/feeder_gateway`. Throws SourceError where it is none. */
  constructor(url: string, options: FeederClientOptions = {}) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new SourceError(
        `expected the URL of a feeder gateway, http:// or https://, got ${JSON.stringify(url)}`,
      );
    }
    this.url = url;
    this.#base = url.replace(/\/+$/, "").replace(/\/feeder_gateway$/, "") + "/feeder_gateway";
    this.#limits = { ...DEFAULT_FETCH_LIMITS, ...options.limits };
    this.#maxBlockBytes = options.maxBlockBytes ?? MAX_BLOCK_BYTES;
    this.#maxClassBytes = options.maxClassBytes ?? MAX_CLASS_BYTES;
  }

  announce(url: string): void {
    this.#headers = { [NODE_HEADER]: url };
  }

  async head(signal: AbortSignal): Promise<SourceHead> {
    const ask = (blockNumber: string) =>
      this.#get("get_block", { blockNumber, headerOnly: "true" }, header, {
        absent: "BLOCK_NOT_FOUND",
        maxBytes: MAX_HEADER_BYTES,
        signal,
      });
    // In this order, so that the block on L1 is not newer than the newest.
    const onL1 = await ask("l1_accepted");
    const latest = await ask("latest");
    if (latest === undefined) throw new SourceError(`${this.url}: it has no latest block`);
    return {
      number: latest.block_number,
      hash: latest.block_hash,
      latestOnL1: onL1?.block_number,
    };
  }

  block(number: number, signal: AbortSignal): Promise<SourceBlock | undefined> {
    const query = { blockNumber: String(number), includeBlock: "true", withPaidFee: "true" };
    return this.#get(
      "get_state_update",
      query,
      {
        expected: blockWithUpdate.expected,
        parse(value) {
          const { block, state_update: update } = blockWithUpdate.parse(value);
          const { header } = block;
          same("block.block_number", number, header.number);
          same("state_update.block_hash", toHex(header.hash), toHex(update.block_hash));
          same("state_update.new_root", toHex(header.stateRoot), toHex(update.new_root));
          return { block, stateDiff: update.state_diff };
        },
      },
      { absent: "BLOCK_NOT_FOUND", maxBytes: this.#maxBlockBytes, signal },
    );
  }

  sierraClass(classHash: Felt, signal: AbortSignal): Promise<SierraClass | undefined> {
    const ofTheHash = schemaOf(`the class of hash ${toHex(classHash)}`, (value) => {
      const sierra = sierraClass.parse(value);
      return sierraClassHash(sierra) === classHash ? sierra : undefined;
    });
    return this.#get("get_class_by_hash", { classHash: toHex(classHash) }, ofTheHash, {
      absent: "UNDECLARED_CLASS",
      maxBytes: this.#maxClassBytes,
      signal,
    });
  }

  /** What the source answers; undefined where it says the error `absent`. */
  async #get<T>(
    endpoint: string,
    query: Readonly<Record<string, string>>,
    schema: Schema<T>,
    options: { readonly absent: string; readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<T | undefined> {
    const { absent, maxBytes, signal } = options;
    const url = `${this.#base}/${endpoint}?${new URLSearchParams(query).toString()}`;
    const answer = await boundedFetch(url, maxBytes, this.#limits, signal, this.#headers);
    try {
      const json = parseAnswer(answer);
      if (answer.status === 200) {
        const found = schema.parse(json);
        this.#isFeeder = true;
        return found;
      }
      const { code, message } = failure.parse(json);
      this.#isFeeder = true;
      if (code === `StarknetErrorCode.${absent}`) return undefined;
      throw new SourceError(`${url}: ${code}: ${message}`);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      const doubt = this.#isFeeder ? "" : ". Is a feeder gateway there?";
      throw new SourceError(`${url}: ${error.message}${doubt}`);
    }
  }
}

function parseAnswer({ text, status }: FetchedText): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const shown = JSON.stringify(text.slice(0, 80));
    throw new SchemaError(`expected JSON, got ${shown} with status ${status}`);
  }
}

function same(field: string, expected: number | string, stated: number | string): void {
  if (stated !== expected)
    throw new SchemaError(`expected ${expected}, got ${stated}`).within(field);
}
