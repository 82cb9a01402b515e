/** What it costs on L1 to settle blocks: the transactions that did, part by part. */
import type { ChainView } from "../../starknet/chain-view.ts";
import { settlementFact } from "../../starknet/output/facts.ts";
import type { BlockRange } from "../../starknet/output/range.ts";
import type { CoreContract } from "../core-contract.ts";
import type { Ethereum } from "../ethereum.ts";
import type { PlacedEvent } from "../events.ts";
import { SettlementError } from "../settlement-error.ts";
import { FactProfiler } from "../verifier/fact-phases.ts";
import {
  factParts,
  factTransactions,
  functionOf,
  type L1Transaction,
  transactionOf,
} from "./fact-parts.ts";
import type { GasPart } from "./part.ts";
import { readUpdate, updateParts } from "./update-parts.ts";

/** A transaction of L1. Its parts add up to its gas. */
export interface BilledTransaction {
  readonly function: string;
  readonly transactionHash: string;
  readonly calldataBytes: number;
  readonly gasUsed: number;
  readonly parts: readonly GasPart[];
}

/** Blocks that came to L1 together. */
export interface UpdateBill extends BlockRange {
  /** Transactions of L2 in these blocks, and in those of them that were asked for. */
  readonly transactions: number;
  readonly askedTransactions: number;
  /** What made its fact valid, and the update. */
  readonly onL1: readonly BilledTransaction[];
  readonly gasUsed: number;
}

export interface SettlementBill extends BlockRange {
  /** The updates that brought these blocks, the first and the last one perhaps with others. */
  readonly updates: readonly UpdateBill[];
  /** Of all these updates. */
  readonly gasUsed: number;
  /** Transactions of L2 in the blocks that were asked for. */
  readonly transactions: number;
  /** Their share, in which all transactions of an update are equal. */
  readonly share: number;
}

export interface BillParts {
  readonly chain: ChainView;
  readonly ethereum: Ethereum;
  readonly core: CoreContract;
  readonly registry: string;
  readonly programHash: bigint;
  /** What the core contract has told. */
  readonly events: readonly PlacedEvent[];
}

/** Updates billed at once: each takes a verification. */
const MOST_UPDATES = 200;

/**
 * The bill of blocks that are on L1. Rejects with SettlementError for others, with UnknownChargesError where L1
 * charges in another way, and with L1's errors.
 */
export async function settlementBill(parts: BillParts, range: BlockRange): Promise<SettlementBill> {
  const updates = updatesOf(parts, range);
  const profiler = new FactProfiler(parts.ethereum, parts.registry);
  const bills: UpdateBill[] = [];
  for (const update of updates) bills.push(await billUpdate(parts, profiler, update, range));
  const shares = bills.map(({ gasUsed, transactions, askedTransactions }) =>
    transactions === 0 ? 0 : (gasUsed * askedTransactions) / transactions,
  );
  return {
    ...range,
    updates: bills,
    gasUsed: totalGas(bills),
    transactions: bills.reduce((sum, { askedTransactions }) => sum + askedTransactions, 0),
    share: Math.round(shares.reduce((sum, share) => sum + share, 0)),
  };
}

const totalGas = (bills: readonly { readonly gasUsed: number }[]): number =>
  bills.reduce((sum, { gasUsed }) => sum + gasUsed, 0);

type StateUpdateEvent = Extract<PlacedEvent, { kind: "stateUpdate" }>;

/** The updates that brought a range of blocks, oldest first. */
function updatesOf({ chain, events }: BillParts, { first, last }: BlockRange): StateUpdateEvent[] {
  const onL1 = chain.latestOnL1() ?? 0;
  if (first === 0)
    throw new SettlementError(
      "block 0 came to L1 with the core contract's deployment: bills begin with block 1",
    );
  const missing = [first, last].find((number) => number > onL1);
  if (missing !== undefined)
    throw new SettlementError(
      `block ${missing} is not on L1, which is at block ${onL1}: ask again when it has settled (starknet:status shows how far it is; starknet.settle() and devnet_acceptOnL1 settle on demand)`,
    );
  if (first > last)
    throw new SettlementError(`a range ends with block ${last}, before it begins with ${first}`);
  const updates = events
    .filter((event) => event.kind === "stateUpdate")
    .filter(({ firstBlock, lastBlock }) => firstBlock <= last && lastBlock >= first);
  const begin = updates[0]?.firstBlock ?? onL1 + 1;
  if (begin > first)
    throw new SettlementError(
      `blocks before ${begin} were not settled on this L1: its core contract begins with block ${begin - 1}`,
    );
  if (updates.length > MOST_UPDATES)
    throw new SettlementError(
      `blocks ${first} to ${last} came to L1 by ${updates.length} updates; at most ${MOST_UPDATES} are billed at once`,
    );
  return updates;
}

async function billUpdate(
  parts: BillParts,
  profiler: FactProfiler,
  { firstBlock, lastBlock, place }: StateUpdateEvent,
  asked: BlockRange,
): Promise<UpdateBill> {
  const { chain, ethereum, core, registry, programHash } = parts;
  const transaction = await transactionOf(ethereum, place.transactionHash);
  const update = readUpdate(core, place.transactionHash, transaction);
  const fact = settlementFact(programHash, update.main, update.stateDiff);
  const behind = await factTransactions(ethereum, registry, fact, place.blockNumber);
  const onL1: BilledTransaction[] = [];
  for (const one of behind)
    onL1.push(await billed(ethereum, one, functionOf(one), (gas) => factParts(profiler, one, gas)));
  onL1.push(
    await billed(ethereum, transaction, "updateStateCalldataDA", (gas) =>
      updateParts(ethereum, transaction, update, gas),
    ),
  );
  const count = (first: number, last: number): number => {
    let sum = 0;
    for (let number = first; number <= last; number++)
      sum += chain.header(number)!.transactionCount;
    return sum;
  };
  return {
    first: firstBlock,
    last: lastBlock,
    transactions: count(firstBlock, lastBlock),
    askedTransactions: count(Math.max(firstBlock, asked.first), Math.min(lastBlock, asked.last)),
    onL1,
    gasUsed: totalGas(onL1),
  };
}

async function billed(
  l1: Ethereum,
  { hash, input }: L1Transaction,
  name: string,
  partsOf: (gasUsed: number) => Promise<readonly GasPart[]>,
): Promise<BilledTransaction> {
  const receipt = await l1.receipt(hash);
  if (receipt === undefined) throw new SettlementError(`L1 has lost the transaction ${hash}`);
  const gasUsed = Number(receipt.gasUsed);
  const parts = await partsOf(gasUsed);
  return {
    function: name,
    transactionHash: hash,
    calldataBytes: input.length / 2 - 1,
    gasUsed,
    parts,
  };
}
