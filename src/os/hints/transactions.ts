/** Hints of transactions (contracts/cairo/os/transactions.cairo). */
import {
  type Cairo0Hint,
  code,
  type HintLibrary,
  type Ids,
} from "../../cairo/hints/cairo0/index.ts";
import type { HintContext, MemoryView } from "../../cairo/hints/context.ts";
import { hintError } from "../../cairo/hints/errors.ts";
import { type MemoryValue, type Relocatable, shift } from "../../cairo/relocatable.ts";
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { ADDRESS_BOUND } from "../../starknet/constants.ts";
import type {
  AccountTransaction,
  ResourceBounds,
  Transaction,
} from "../../starknet/transaction.ts";
import { bit, guess, guessCode, highHalf, lowHalf } from "./guess.ts";
import { Queue, sessionOf, writeStruct } from "./session.ts";

/** As transactions.cairo numbers them. */
const KINDS = { INVOKE: 0n, DECLARE: 1n, DEPLOY_ACCOUNT: 2n, L1_HANDLER: 3n } as const;

const kind = guess(() => (_, session) => {
  const next = (session.transaction = session.transactions.take());
  session.calls = new Queue("calls", next.calls);
  return KINDS[next.transaction.type];
});

const boundWords = (name: string, { maxAmount, maxPricePerUnit }: ResourceBounds): Felt[] => [
  shortString(name),
  maxAmount,
  maxPricePerUnit,
];

/** Start and end of an array in memory of its own. */
function array(memory: MemoryView, values: readonly Felt[]): [Relocatable, Relocatable] {
  const start = memory.addSegment();
  return [start, memory.write(start, values)];
}

/** The struct TxInfo of an account transaction. */
function txInfoWords(
  memory: MemoryView,
  transaction: AccountTransaction,
  chainId: Felt,
): MemoryValue[] {
  const { l1Gas, l2Gas, l1DataGas } = transaction.resourceBounds;
  const bounds = [
    ...boundWords("L1_GAS", l1Gas),
    ...boundWords("L2_GAS", l2Gas),
    ...boundWords("L1_DATA", l1DataGas),
  ];
  return [
    transaction.version,
    transaction.senderAddress,
    0n,
    ...array(memory, transaction.signature),
    transaction.hash,
    chainId,
    transaction.nonce,
    ...array(memory, bounds),
    transaction.tip,
    ...array(memory, transaction.paymasterData),
    BigInt(transaction.nonceDataAvailabilityMode),
    BigInt(transaction.feeDataAvailabilityMode),
    ...array(memory, []),
  ];
}

/** The transaction at hand, which must be of a type. */
function current<T extends Transaction["type"]>(
  context: HintContext,
  type: T,
): Extract<Transaction, { type: T }> {
  const { transaction } = sessionOf(context).transaction!;
  if (transaction.type !== type) throw hintError(`the transaction is no ${type}`);
  return transaction as Extract<Transaction, { type: T }>;
}

function calldataWriter(ids: Ids): (context: HintContext, values: readonly Felt[]) => void {
  const calldata = ids.writer("calldata");
  const size = ids.writer("calldata_size");
  return (context, values) => {
    calldata(context, writeStruct(context.memory, values));
    size(context, BigInt(values.length));
  };
}

const invoke: Cairo0Hint = (ids) => {
  const txInfo = ids.writer("tx_info");
  const calldata = calldataWriter(ids);
  const reverted = ids.writer("reverted");
  return (context) => {
    const session = sessionOf(context);
    const transaction = current(context, "INVOKE");
    const words = txInfoWords(context.memory, transaction, session.input.chainId);
    txInfo(context, writeStruct(context.memory, words));
    calldata(context, transaction.calldata);
    reverted(context, bit(session.transaction!.reverted));
  };
};

const declare: Cairo0Hint = (ids) => {
  const txInfo = ids.writer("tx_info");
  const classHash = ids.writer("class_hash");
  const compiledClassHash = ids.writer("compiled_class_hash");
  return (context) => {
    const session = sessionOf(context);
    const transaction = current(context, "DECLARE");
    const words = txInfoWords(context.memory, transaction, session.input.chainId);
    txInfo(context, writeStruct(context.memory, words));
    classHash(context, transaction.classHash);
    compiledClassHash(context, transaction.compiledClassHash);
  };
};

const deployAccount: Cairo0Hint = (ids) => {
  const txInfo = ids.writer("tx_info");
  const calldata = calldataWriter(ids);
  return (context) => {
    const session = sessionOf(context);
    const transaction = current(context, "DEPLOY_ACCOUNT");
    const words = txInfoWords(context.memory, transaction, session.input.chainId);
    txInfo(context, writeStruct(context.memory, words));
    const { classHash, contractAddressSalt, constructorCalldata } = transaction;
    calldata(context, [classHash, contractAddressSalt, ...constructorCalldata]);
  };
};

const l1Handler: Cairo0Hint = (ids) => {
  const txInfo = ids.writer("tx_info");
  const calldata = calldataWriter(ids);
  const selector = ids.writer("selector");
  const reverted = ids.writer("reverted");
  return (context) => {
    const { memory } = context;
    const session = sessionOf(context);
    const transaction = current(context, "L1_HANDLER");
    const start = memory.addSegment();
    memory.set(shift(start, 1), transaction.contractAddress);
    memory.set(shift(start, 3), memory.addSegment());
    memory.set(shift(start, 7), transaction.nonce);
    txInfo(context, start);
    calldata(context, transaction.calldata);
    selector(context, transaction.entryPointSelector);
    reverted(context, bit(session.transaction!.reverted));
  };
};

const fee: Cairo0Hint = (ids) => {
  const amount = ids.writer("fee");
  return (context) => {
    amount(context, sessionOf(context).transaction!.fee);
  };
};

const belowMaximum: Cairo0Hint = (ids) => {
  const above = ids.felt("above");
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    const value = above(context);
    context.memory.write(shift(at(context), 1), [lowHalf(value), highHalf(value)]);
  };
};

const minimumIsFirst = guess((ids) => {
  const a = ids.felt("a");
  const b = ids.felt("b");
  return (context) => bit(a(context) <= b(context));
});

const addressQuotient: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const quotient = ids.writer("quotient");
  return (context) => {
    quotient(context, value(context) / ADDRESS_BOUND);
  };
};

const halves: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    const felt = value(context);
    context.memory.write(at(context), [lowHalf(felt), highHalf(felt)]);
  };
};

export const transactionHints: HintLibrary = new Map([
  [guessCode("tx.kind"), kind],
  [code`tx.invoke`, invoke],
  [code`tx.declare`, declare],
  [code`tx.deploy_account`, deployAccount],
  [code`tx.l1_handler`, l1Handler],
  [code`tx.fee`, fee],
  [code`tx.below_maximum`, belowMaximum],
  [guessCode("minimum.is_first"), minimumIsFirst],
  [code`address.quotient`, addressQuotient],
  [code`felt.halves`, halves],
  [code`trie.halves`, halves],
]);
