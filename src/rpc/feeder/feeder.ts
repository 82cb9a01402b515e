/** Starknet's two gateways over HTTP: `/feeder_gateway/*` to read, `/gateway/*` to write. */
import type { RpcLog } from "../dispatcher.ts";
import { addTransaction, type RunMethod } from "./add-transaction.ts";
import { FEEDER_ENDPOINTS, type FeederContext } from "./endpoints.ts";
import { toFeederError } from "./errors.ts";
import type { Followers } from "./followers.ts";
import { Query } from "./query.ts";

/** An answer to HTTP. */
export interface FeederAnswer {
  readonly status: number;
  readonly body: string;
  /** Plain text instead of JSON. */
  readonly plain?: true;
}

const plain = (body: string): FeederAnswer => ({ status: 200, body, plain: true });

export const errorBody = (code: string, message: string): string =>
  JSON.stringify({ code, message });

export class Feeder {
  readonly #context: FeederContext;
  readonly #run: RunMethod;
  readonly #log: RpcLog;
  readonly #followers: Followers;

  constructor(context: FeederContext, run: RunMethod, log: RpcLog, followers: Followers) {
    this.#followers = followers;
    this.#context = context;
    this.#run = run;
    this.#log = log;
  }

  /**
   * The answer to a GET request; undefined for a path that is none of ours. Never throws.
   *
   * @param node what the request says of the node that asks
   */
  get(path: string, query: string, node?: unknown): FeederAnswer | undefined {
    if (node !== undefined) this.#followers.note(node);
    if (path === "/feeder_gateway/is_alive") return plain("FeederGateway is alive!");
    if (path === "/gateway/is_alive") return plain("Gateway is alive!");
    const name = /^\/feeder_gateway\/(\w+)$/.exec(path)?.[1] ?? "";
    const endpoint = FEEDER_ENDPOINTS.get(name);
    if (endpoint === undefined) return undefined;
    try {
      const value = endpoint(this.#context, new Query(query));
      return { status: 200, body: JSON.stringify(value) };
    } catch (error) {
      return this.#failure(name, error);
    }
  }

  /** The answer to a transaction. Never rejects. */
  async addTransaction(body: string, maxClass: number): Promise<FeederAnswer> {
    try {
      const value = await addTransaction(body, this.#run, maxClass);
      return { status: 200, body: JSON.stringify(value) };
    } catch (error) {
      return this.#failure("add_transaction", error);
    }
  }

  #failure(name: string, error: unknown): FeederAnswer {
    const expected = toFeederError(error);
    if (expected !== undefined) {
      this.#log.refused?.(`${name}: ${expected.code} ${expected.message}`);
      return { status: 400, body: errorBody(expected.code, expected.message) };
    }
    this.#log.error(`${name} failed unexpectedly`, error);
    return { status: 500, body: errorBody("500 Internal Server Error", "Internal error") };
  }
}
