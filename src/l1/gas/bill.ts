/** What a transaction on L1 was charged for, taken apart by its trace. */
import type { Ethereum } from "../ethereum.ts";

/** Gas of one transaction. Its parts add up: base + calldata + execution + storage - refund + surcharge = gasUsed. */
export interface Bill {
  /** What any transaction costs. */
  readonly base: number;
  /** EIP-2028: 4 for a byte that is zero, 16 for another. */
  readonly calldata: number;
  /** All instructions but those of storage. */
  readonly execution: number;
  /** SLOAD and SSTORE. */
  readonly storage: number;
  /** EIP-3529: given back for storage that was cleared. */
  readonly refund: number;
  /** What is missing to the floor. */
  readonly surcharge: number;
  /** EIP-7623: the least that a transaction with this calldata costs. */
  readonly floor: number;
  /** As the receipt has it. */
  readonly gasUsed: number;
}

/** L1 charges in another way than the one that a bill knows. */
export class UnknownChargesError extends Error {
  override readonly name = "UnknownChargesError";
}

/** EIP-7623: a token of calldata costs 4, in the floor 10. */
const FLOOR_OVER_CALLDATA = 10 / 4;

/** EIP-3529: at most a fifth of what was spent is given back. */
export const MAX_REFUND_QUOTIENT = 5;

/** Gas of a transaction without calldata that does nothing. */
export const TRANSACTION_BASE = 21_000;

const STORAGE_INSTRUCTIONS = new Set(["SLOAD", "SSTORE"]);

/** An instruction of a transaction. */
export interface Step {
  readonly op: string;
  /** 1 in the contract that the transaction calls, more in what that one calls. */
  readonly depth: number;
  /** What is left before it. */
  readonly gas: number;
  readonly gasCost: number;
  /** Counter of refunds up to here. */
  readonly refund: number;
}

interface Trace {
  readonly failed: boolean;
  readonly structLogs: readonly Step[];
}

/** Gas of storage instructions. */
export const storageGas = (steps: readonly Step[]): number =>
  steps
    .filter(({ op }) => STORAGE_INSTRUCTIONS.has(op))
    .reduce((sum, { gasCost }) => sum + gasCost, 0);

/**
 * Of a transaction that called a contract and succeeded. Throws UnknownChargesError where the receipt does not say what
 * the parts add up to, as before the hardfork Prague.
 *
 * @param base gas of a transaction without calldata that does nothing
 */
export const billOf = async (l1: Ethereum, hash: string, base: number): Promise<Bill> =>
  (await tracedBill(l1, hash, base)).bill;

/** The same, with the instructions. */
export async function tracedBill(
  l1: Ethereum,
  hash: string,
  base: number = TRANSACTION_BASE,
): Promise<{ readonly bill: Bill; readonly steps: readonly Step[] }> {
  const [transaction, receipt, trace] = await Promise.all([
    l1.request<{ gas: string }>("eth_getTransactionByHash", hash),
    l1.receipt(hash),
    l1.request<Trace>("debug_traceTransaction", hash, {
      disableStack: true,
      disableMemory: true,
      disableStorage: true,
    }),
  ]);
  const [first, last] = [trace.structLogs[0], trace.structLogs.at(-1)];
  if (receipt === undefined || trace.failed || first === undefined || last === undefined)
    throw new Error(`L1 has no trace of ${hash} that runs to a good end`);

  const limit = Number(transaction.gas);
  const calldata = limit - first.gas - base;
  const spent = limit - (last.gas - last.gasCost);
  const storage = storageGas(trace.structLogs);
  const refund = Math.min(last.refund, Math.floor(spent / MAX_REFUND_QUOTIENT));
  const floor = base + FLOOR_OVER_CALLDATA * calldata;
  const gasUsed = Number(receipt.gasUsed);
  if (gasUsed !== Math.max(spent - refund, floor))
    throw new UnknownChargesError(
      `L1 charged ${gasUsed} gas for ${hash}, not ${spent} - ${refund} or the floor of ${floor}: ` +
        "its hardfork is not one from Prague on",
    );
  const bill = {
    base,
    calldata,
    execution: spent - base - calldata - storage,
    storage,
    refund,
    surcharge: gasUsed - (spent - refund),
    floor,
    gasUsed,
  };
  return { bill, steps: trace.structLogs };
}
