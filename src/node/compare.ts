/** Where two accounts of the same thing differ first, in words; undefined where they do not. */
import { isDeepStrictEqual } from "node:util";
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import type { BlockHeader } from "../starknet/block.ts";
import type { Receipt } from "../starknet/receipt.ts";
import { shown } from "./divergence.ts";

const differs = (what: string, own: unknown, claimed: unknown): string =>
  `${what} is ${shown(own)}, and the source says ${shown(claimed)}`;

/** The fields of a record in this order; the type makes sure that none is forgotten. */
type FieldNames<T> = { readonly [Name in keyof Required<T>]: string };

function firstField<T extends object>(
  names: FieldNames<T>,
  own: T,
  claimed: T,
): string | undefined {
  for (const [field, name] of Object.entries(names) as [keyof T, string][]) {
    if (!isDeepStrictEqual(own[field], claimed[field]))
      return differs(name, own[field], claimed[field]);
  }
  return undefined;
}

/** What causes others comes first: the hash is of all fields before it. */
const HEADER_FIELDS: FieldNames<BlockHeader> = {
  number: "the number",
  parentHash: "the parent's hash",
  timestamp: "the timestamp",
  sequencerAddress: "the sequencer's address",
  gasPrices: "the gas prices",
  dataAvailability: "the data availability mode",
  starknetVersion: "the Starknet version",
  transactionCount: "the number of transactions",
  eventCount: "the number of events",
  transactionCommitment: "the transaction commitment",
  eventCommitment: "the event commitment",
  receiptCommitment: "the receipt commitment",
  stateDiffLength: "the length of the state diff",
  stateDiffCommitment: "the state diff's commitment",
  stateRoot: "the state root",
  hash: "the block hash",
};

export const headerDifference = (own: BlockHeader, claimed: BlockHeader): string | undefined =>
  firstField(HEADER_FIELDS, own, claimed);

const RECEIPT_FIELDS: FieldNames<Receipt> = {
  transactionHash: "the transaction's hash",
  type: "the type",
  revertReason: "the revert reason",
  resources: "the gas used",
  actualFee: "the fee",
  events: "the list of events",
  messages: "the list of messages to L1",
  feeUnit: "the fee's unit",
  contractAddress: "the deployed address",
  messageHash: "the message's hash",
};

export const receiptDifference = (own: Receipt, claimed: Receipt): string | undefined =>
  firstField(RECEIPT_FIELDS, own, claimed);

function mapDifference(
  what: (key: Felt) => string,
  own: ReadonlyMap<Felt, Felt>,
  claimed: ReadonlyMap<Felt, Felt>,
): string | undefined {
  for (const key of new Set([...own.keys(), ...claimed.keys()])) {
    const [mine, theirs] = [own.get(key), claimed.get(key)];
    if (mine !== theirs) return differs(what(key), mine, theirs);
  }
  return undefined;
}

const NO_ENTRIES: ReadonlyMap<Felt, Felt> = new Map();

/** `none` stands for a value that does not change. */
export function diffDifference(own: StateDiff, claimed: StateDiff): string | undefined {
  for (const address of new Set([...own.storage.keys(), ...claimed.storage.keys()])) {
    const difference = mapDifference(
      (key) => `the new value of storage ${shown(key)} of contract ${shown(address)}`,
      own.storage.get(address) ?? NO_ENTRIES,
      claimed.storage.get(address) ?? NO_ENTRIES,
    );
    if (difference !== undefined) return difference;
  }
  const what = (name: string) => (key: Felt) => `${name} ${shown(key)}`;
  return (
    mapDifference(what("the new nonce of contract"), own.nonces, claimed.nonces) ??
    mapDifference(
      what("the class of new contract"),
      own.deployedContracts,
      claimed.deployedContracts,
    ) ??
    mapDifference(
      what("the new class of contract"),
      own.replacedClasses,
      claimed.replacedClasses,
    ) ??
    mapDifference(
      what("the compiled class hash of class"),
      own.declaredClasses,
      claimed.declaredClasses,
    )
  );
}
