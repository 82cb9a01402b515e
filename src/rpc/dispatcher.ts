/** JSON-RPC 2.0: requests, batches and notifications as text in, answers as text out. */
import { setImmediate } from "node:timers/promises";
import { ERRORS, RpcError, toRpcError } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { Call, Method } from "./method.ts";
import { ReadShare } from "./read-share.ts";
import { isObject, parseParameters } from "./schema/schema.ts";
import type { Session } from "./subscriptions/subscriber.ts";

/** Where the RPC tells what no client is told. */
export interface RpcLog {
  /** A fault of the program: the client read "Internal error", or was cut off. */
  error(message: string, cause: unknown): void;
  /** A request that was answered with an error, for those who debug a client. */
  refused?(message: string): void;
}

export const silentLog: RpcLog = { error: () => undefined };

export interface DispatcherLimits {
  /** Requests in one batch. */
  readonly batchLength: number;
  /** Characters of a batch's answers, after which the remaining requests are refused. */
  readonly batchAnswerLength: number;
  /** Milliseconds after which a batch's remaining requests are refused. */
  readonly batchTime: number;
}

export const DEFAULT_LIMITS: DispatcherLimits = {
  batchLength: 1000,
  batchAnswerLength: 1 << 26,
  batchTime: 120_000,
};

/** A request that changed the chain, as the client sent it. */
export interface MutatingRequest {
  readonly method: string;
  readonly params: unknown;
  readonly id: unknown;
}

export interface DispatcherOptions<Context> {
  readonly context: Context;
  readonly methods: readonly Method<Context>[];
  /** Names that are answered as forbidden. */
  readonly restricted?: readonly string[];
  readonly limits?: DispatcherLimits;
  readonly log?: RpcLog;
  /** When reads run. */
  readonly reads?: ReadShare;
  /** Told of each mutating request that succeeded, before its answer is given. */
  readonly onMutation?: (request: MutatingRequest) => Promise<void> | void;
}

/** Who asks. */
export interface Client {
  /** Its subscriptions, where it listens for notifications. */
  readonly session?: Session;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone?: AbortSignal;
}

const errorAnswer = (id: string, error: RpcError): string =>
  `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;

/** JSON text of a request's id, or undefined where it is none (JSON-RPC 2.0 §4). */
function idText(id: unknown): string | undefined {
  if (typeof id === "string" || typeof id === "number" || id === null) return JSON.stringify(id);
  return typeof id === "bigint" ? id.toString() : undefined;
}

export class Dispatcher<Context> {
  readonly #context: Context;
  readonly #methods: ReadonlyMap<string, Method<Context>>;
  readonly #restricted: ReadonlySet<string>;
  readonly #limits: DispatcherLimits;
  readonly #log: RpcLog;
  readonly #reads: ReadShare;
  readonly #onMutation: DispatcherOptions<Context>["onMutation"];

  constructor(options: DispatcherOptions<Context>) {
    this.#context = options.context;
    this.#methods = new Map(options.methods.map((method) => [method.name, method]));
    this.#restricted = new Set(options.restricted);
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#log = options.log ?? silentLog;
    this.#reads = options.reads ?? new ReadShare();
    this.#onMutation = options.onMutation;
  }

  /** The answer to a request or a batch; undefined when there is none to give, or nobody to take it. Never rejects. */
  async answer(text: string, client: Client = {}): Promise<string | undefined> {
    let request: unknown;
    try {
      request = parseJson(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return errorAnswer("null", new RpcError("PARSE_ERROR", { data: { reason } }));
    }
    return Array.isArray(request)
      ? this.#answerBatch(request, client)
      : this.#answerRequest(request, client);
  }

  /** Runs a method at once, as if a client had asked; rejects with what it throws. Restrictions do not apply. */
  async run(name: string, params: unknown): Promise<unknown> {
    return this.#handle({ name, params, id: 0 }, undefined);
  }

  async #answerBatch(requests: readonly unknown[], client: Client): Promise<string | undefined> {
    const { batchLength, batchAnswerLength, batchTime } = this.#limits;
    if (requests.length === 0) {
      return errorAnswer("null", invalidRequest("a batch must have a request"));
    }
    if (requests.length > batchLength) {
      return errorAnswer(
        "null",
        invalidRequest(`a batch may have ${batchLength} requests at most`),
      );
    }
    const answers: string[] = [];
    let length = 0;
    const end = performance.now() + batchTime;
    const refused = (request: unknown, message: string): string =>
      errorAnswer(
        (isObject(request) ? idText(request["id"]) : undefined) ?? "null",
        new RpcError("INTERNAL_ERROR", { message: `${message}; send smaller batches` }),
      );
    // One after the other: later requests see what earlier ones did. Between two of them others have their turn.
    for (const [index, request] of requests.entries()) {
      if (index > 0) await setImmediate();
      const answer =
        length > batchAnswerLength
          ? refused(request, "The answers of this batch are too large")
          : performance.now() > end
            ? refused(request, "This batch takes too long")
            : await this.#answerRequest(request, client);
      if (answer === undefined) continue;
      answers.push(answer);
      length += answer.length;
    }
    return answers.length === 0 ? undefined : `[${answers.join(",")}]`;
  }

  async #answerRequest(request: unknown, client: Client): Promise<string | undefined> {
    if (!isObject(request)) {
      return errorAnswer("null", invalidRequest("a request must be an object"));
    }
    const { jsonrpc, method, params } = request;
    const isNotification = !Object.hasOwn(request, "id");
    const id = isNotification ? "null" : idText(request["id"]);
    if (id === undefined) {
      return errorAnswer("null", invalidRequest("id must be a string, a number or null"));
    }
    if (jsonrpc !== "2.0") {
      return errorAnswer(id, invalidRequest('jsonrpc must be "2.0"'));
    }
    if (typeof method !== "string") {
      return errorAnswer(id, invalidRequest("method must be a string"));
    }
    try {
      const call = { name: method, params, id: request["id"] };
      if (this.#restricted.has(method)) throw new RpcError("METHOD_FORBIDDEN");
      if (this.#onlyReads(method) && !(await this.#reads.turn(client.gone))) return undefined;
      const result = await this.#handle(call, client.session);
      if (isNotification) return undefined;
      return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result ?? null)}}`;
    } catch (error) {
      const answer = this.#toRpcError(error, method);
      return isNotification ? undefined : errorAnswer(id, answer);
    }
  }

  #onlyReads(name: string): boolean {
    const method = this.#methods.get(name);
    return method !== undefined && !method.mutates && !method.needsSession;
  }

  async #handle(
    request: { readonly name: string; readonly params: unknown; readonly id: unknown },
    session: Session | undefined,
  ): Promise<unknown> {
    const method = this.#methods.get(request.name);
    if (method === undefined) throw new RpcError("METHOD_NOT_FOUND");
    if (method.needsSession && session === undefined) {
      throw new RpcError("METHOD_NOT_FOUND", {
        message: "Method not found: subscriptions need a WebSocket, at /ws",
      });
    }
    const params = parseParameters(method.parameters, request.params);
    const call: Call = {
      ...(session ? { session } : {}),
      run: (name, inner) => this.run(name, inner),
    };
    const result = await method.handle(this.#context, params as never, call);
    if (method.mutates && this.#onMutation !== undefined) {
      await this.#onMutation({ method: request.name, params: request.params, id: request.id });
    }
    return result;
  }

  #toRpcError(error: unknown, method: string): RpcError {
    const expected = toRpcError(error);
    if (expected !== undefined) {
      this.#log.refused?.(`${method}: ${expected.code} ${expected.message}`);
      return expected;
    }
    this.#log.error(`${method} failed unexpectedly`, error);
    return new RpcError("INTERNAL_ERROR");
  }
}

const invalidRequest = (reason: string): RpcError =>
  new RpcError("INVALID_REQUEST", { message: `${ERRORS.INVALID_REQUEST[1]}: ${reason}` });
