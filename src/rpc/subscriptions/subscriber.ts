/**
 * One client that listens for notifications, with its subscriptions. The past is told at the pace at
 * which the client reads; what happens now as soon as reads have a turn, and the connection drops a client that lags.
 */
import type { ChainEvent, ChainView } from "../../starknet/chain-view.ts";
import { toHex } from "../../util/hex.ts";
import { RpcError } from "../errors.ts";
import type { Feed } from "./feed.ts";

/** The way to a client. */
export interface Outlet {
  /** Resolves when the text has left the process, or when it never will. */
  send(text: string): Promise<void>;
  readonly open: boolean;
  /** Gives the client up, for a fault of the program. */
  fail(error: unknown): void;
}

/** A client's subscriptions, as one of its requests changes them. */
export interface Session {
  /** Adds a subscription; its id. Throws RpcError at the limit. */
  subscribe(feed: Feed): string;
  /** Ends a subscription. Throws INVALID_SUBSCRIPTION_ID for an unknown one. */
  unsubscribe(id: string): void;
  /** The client knows the ids of the subscriptions that this session added: they may speak. */
  announce(): void;
}

/** Subscriptions of one client. */
export const MAX_SUBSCRIPTIONS = 128;

/** Events that are told in one turn. */
const NEWS_PER_TURN = 64;
/** Events that may wait for a turn; with more, the oldest are told without one, so that nothing is lost. */
const MAX_NEWS = 10_000;

interface Subscription {
  readonly id: string;
  readonly feed: Feed;
  /** Next block of the past; undefined once everything is told. */
  cursor: number | undefined;
  /** The client knows its id. */
  announced: boolean;
}

/** What happened, and whom it may concern. */
interface News {
  readonly event: ChainEvent;
  readonly to: readonly Subscription[];
}

export class Subscriber {
  readonly #chain: ChainView;
  readonly #outlet: Outlet;
  readonly #turn: () => Promise<boolean>;
  readonly #subscriptions = new Map<string, Subscription>();
  /** Not told yet. */
  readonly #news: News[] = [];
  #telling = false;
  #created = 0;
  #stopListening: (() => void) | undefined;

  /** @param turn resolves when a notification may be made, to false where the client has gone */
  constructor(chain: ChainView, outlet: Outlet, turn: () => Promise<boolean>) {
    this.#turn = turn;
    this.#chain = chain;
    this.#outlet = outlet;
  }

  /** What one request works with: its subscriptions stay silent until its answer is sent. */
  session(): Session {
    const created: Subscription[] = [];
    return {
      subscribe: (feed) => {
        const subscription = this.#create(feed);
        created.push(subscription);
        return subscription.id;
      },
      unsubscribe: (id) => this.#end(id),
      announce: () => {
        for (const subscription of created.splice(0)) {
          subscription.announced = true;
          this.#tellPast(subscription).catch((error: unknown) => this.#outlet.fail(error));
        }
      },
    };
  }

  #create(feed: Feed): Subscription {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcError("INVALID_REQUEST", {
        message: `A connection may have ${MAX_SUBSCRIPTIONS} subscriptions at most`,
      });
    }
    const id = String(++this.#created);
    const subscription = { id, feed, cursor: feed.from ?? Infinity, announced: false };
    this.#subscriptions.set(id, subscription);
    this.#stopListening ??= this.#chain.subscribe((event) => {
      // A listener's fault is not the chain's: it must go on.
      try {
        this.#onChainEvent(event);
      } catch (error) {
        this.#outlet.fail(error);
      }
    });
    return subscription;
  }

  #end(id: string): void {
    if (!this.#subscriptions.delete(id)) throw new RpcError("INVALID_SUBSCRIPTION_ID");
    if (this.#subscriptions.size === 0) this.clear();
  }

  /** Ends all subscriptions. */
  clear(): void {
    this.#subscriptions.clear();
    this.#news.length = 0;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  async #tellPast(subscription: Subscription): Promise<void> {
    const { feed } = subscription;
    while (
      subscription.cursor !== undefined &&
      subscription.cursor <= this.#chain.latest().number
    ) {
      if (!(await this.#turn()) || !this.#isAlive(subscription)) return;
      // Blocks may have gone meanwhile.
      if (subscription.cursor > this.#chain.latest().number) break;
      const block = this.#chain.block(subscription.cursor++);
      if (block === undefined) continue;
      for (const result of feed.past?.(block) ?? []) {
        if (!this.#isAlive(subscription)) return;
        await this.#send(subscription, feed.notification, result);
      }
    }
    if (!this.#isAlive(subscription)) return;
    for (const result of feed.present?.() ?? []) {
      void this.#send(subscription, feed.notification, result);
    }
    subscription.cursor = undefined;
  }

  #isAlive(subscription: Subscription): boolean {
    return this.#outlet.open && this.#subscriptions.get(subscription.id) === subscription;
  }

  #onChainEvent(event: ChainEvent): void {
    const subscriptions = [...this.#subscriptions.values()];
    if (event.kind === "reorg") {
      // What was before comes before it.
      this.#tellNews(Infinity);
      for (const subscription of subscriptions) this.#tellReorg(subscription, event);
      return;
    }
    const to = subscriptions.filter(({ cursor }) => cursor === undefined);
    if (to.length === 0) return;
    this.#news.push({ event, to });
    if (this.#news.length > MAX_NEWS) this.#tellNews(NEWS_PER_TURN);
    if (!this.#telling) this.#tellInTurns().catch((error: unknown) => this.#outlet.fail(error));
  }

  async #tellInTurns(): Promise<void> {
    this.#telling = true;
    try {
      while (this.#news.length > 0 && (await this.#turn())) this.#tellNews(NEWS_PER_TURN);
    } finally {
      this.#telling = false;
    }
  }

  #tellNews(count: number): void {
    for (const { event, to } of this.#news.splice(0, count)) {
      for (const subscription of to) {
        if (!this.#isAlive(subscription)) continue;
        for (const result of subscription.feed.live(event)) {
          void this.#send(subscription, subscription.feed.notification, result);
        }
      }
    }
  }

  #tellReorg(subscription: Subscription, { first, last }: ChainEvent & { kind: "reorg" }): void {
    if (subscription.cursor !== undefined && subscription.cursor !== Infinity) {
      subscription.cursor = Math.min(subscription.cursor, first.number);
    }
    if (!subscription.announced) return;
    void this.#send(subscription, "starknet_subscriptionReorg", {
      starting_block_hash: toHex(first.hash),
      starting_block_number: first.number,
      ending_block_hash: toHex(last.hash),
      ending_block_number: last.number,
    });
  }

  #send(subscription: Subscription, method: string, result: unknown): Promise<void> {
    const params = { subscription_id: subscription.id, result };
    return this.#outlet.send(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }
}
