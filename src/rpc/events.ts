/** Emitted events: filters, and the walk over blocks that starknet_getEvents pages through. */
import type { Felt } from "../field/felt.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import type { Event, Receipt } from "../starknet/receipt.ts";
import { bodyOf } from "./blocks.ts";
import { RpcError } from "./errors.ts";
import { address, felts } from "./schema/numbers.ts";
import { array, oneOrMany, type Schema } from "./schema/schema.ts";

export interface EmittedEvent {
  readonly event: Event;
  /** Undefined in the open block. */
  readonly blockHash: Felt | undefined;
  readonly blockNumber: number;
  readonly transactionHash: Felt;
  readonly transactionIndex: number;
  /** Position among the transaction's events. */
  readonly eventIndex: number;
}

export interface EventFilter {
  /** Undefined lets every contract through. */
  readonly addresses: ReadonlySet<Felt> | undefined;
  /** keys[i] are the allowed values of an event's key i; an empty set allows all. */
  readonly keys: readonly ReadonlySet<Felt>[];
}

/** Key values in one filter, as the spec's error 34 bounds them. */
export const MAX_KEYS = 256;
/** Largest page, as the spec's error 31 bounds it. */
export const MAX_CHUNK_SIZE = 1024;
const MAX_ADDRESSES = 1024;

export const eventAddresses: Schema<Felt[]> = oneOrMany(address, MAX_ADDRESSES);
export const eventKeys: Schema<Felt[][]> = array(felts, 1 << 16);

/** Throws TOO_MANY_KEYS_IN_FILTER. */
export function eventFilter(
  addresses: readonly Felt[] | undefined,
  keys: readonly (readonly Felt[])[] | undefined,
): EventFilter {
  const count = (keys ?? []).reduce((sum, values) => sum + Math.max(1, values.length), 0);
  if (count > MAX_KEYS) throw new RpcError("TOO_MANY_KEYS_IN_FILTER");
  const sets = (keys ?? []).map((values) => new Set(values));
  while (sets.at(-1)?.size === 0) sets.pop();
  return {
    addresses: addresses === undefined || addresses.length === 0 ? undefined : new Set(addresses),
    keys: sets,
  };
}

export const passes = (filter: EventFilter, event: Event): boolean =>
  (filter.addresses?.has(event.fromAddress) ?? true) &&
  filter.keys.every(
    (allowed, i) => allowed.size === 0 || (i < event.keys.length && allowed.has(event.keys[i]!)),
  );

/** Events of one transaction that pass. */
export function* eventsOfReceipt(
  filter: EventFilter,
  receipt: Receipt,
  place: Omit<EmittedEvent, "event" | "eventIndex" | "transactionHash">,
): Generator<EmittedEvent> {
  for (const [eventIndex, event] of receipt.events.entries()) {
    if (!passes(filter, event)) continue;
    yield { ...place, event, transactionHash: receipt.transactionHash, eventIndex };
  }
}

/** A position in the chain's events: before event `event` of transaction `transaction` of a block. */
export interface EventCursor {
  readonly block: number;
  readonly transaction: number;
  readonly event: number;
}

const TOKEN = /^(\d{1,15})-(\d{1,9})-(\d{1,9})$/;

/** A continuation token states a position, so it stays good while blocks are added. */
export const toToken = (cursor: EventCursor): string =>
  `${cursor.block}-${cursor.transaction}-${cursor.event}`;

/** Throws INVALID_CONTINUATION_TOKEN for what is no position inside of `from` to `to`. */
export function fromToken(token: string, from: number, to: number): EventCursor {
  const match = TOKEN.exec(token);
  const [block, transaction, event] = (match ?? []).slice(1).map(Number);
  if (block === undefined || block < from || block > to) {
    throw new RpcError("INVALID_CONTINUATION_TOKEN");
  }
  return { block, transaction: transaction!, event: event! };
}

/** Blocks that one page looks at: a filter that nothing passes must not hold the process up. */
const BLOCKS_PER_PAGE = 10_000;

export interface EventPage {
  readonly events: readonly EmittedEvent[];
  /** Where the next page starts; undefined when there is none. */
  readonly next: EventCursor | undefined;
}

/** Events from `start` to the end of block `to`, at most `size` of them. */
export function eventPage(
  chain: ChainView,
  filter: EventFilter,
  start: EventCursor,
  to: number,
  size: number,
): EventPage {
  const events: EmittedEvent[] = [];
  const last = Math.min(to, start.block + BLOCKS_PER_PAGE - 1);
  for (let number = start.block; number <= last; number++) {
    for (const emitted of eventsOfBlock(chain, number, filter)) {
      if (isBefore(emitted, start)) continue;
      if (events.length === size) return { events, next: cursorOf(emitted) };
      events.push(emitted);
    }
  }
  return {
    events,
    next: last < to ? { block: last + 1, transaction: 0, event: 0 } : undefined,
  };
}

const cursorOf = (emitted: EmittedEvent): EventCursor => ({
  block: emitted.blockNumber,
  transaction: emitted.transactionIndex,
  event: emitted.eventIndex,
});

const isBefore = (emitted: EmittedEvent, start: EventCursor): boolean =>
  emitted.blockNumber === start.block &&
  (emitted.transactionIndex < start.transaction ||
    (emitted.transactionIndex === start.transaction && emitted.eventIndex < start.event));

/** Events of a block, the open one too, that pass. */
export function* eventsOfBlock(
  chain: ChainView,
  number: number,
  filter: EventFilter,
): Generator<EmittedEvent> {
  const header = chain.header(number);
  if (header?.eventCount === 0) return;
  const { receipts } = bodyOf(chain, header === undefined ? "preConfirmed" : number);
  for (const [transactionIndex, receipt] of receipts.entries()) {
    yield* eventsOfReceipt(filter, receipt, {
      blockHash: header?.hash,
      blockNumber: number,
      transactionIndex,
    });
  }
}
