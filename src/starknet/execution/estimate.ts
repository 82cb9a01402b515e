/** Fee estimates and simulations: transactions executed one after the other on an overlay of a state. */
import { CachedState } from "../../state/cached-state.ts";
import type { StateReader } from "../../state/reader.ts";
import type { BlockContext } from "../block.ts";
import { gasFee } from "../fee/gas-vector.ts";
import { transactionHash } from "../transaction-hash.ts";
import type { GasVector } from "../receipt.ts";
import type { AccountTransaction, L1HandlerTransaction } from "../transaction.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { executeTransaction } from "./transaction.ts";
import type { TransactionExecution } from "./transaction.ts";

/** Consumed gas, the prices that it was charged by, and the fee that both make with the tip. */
export interface FeeEstimate {
  readonly gas: GasVector;
  readonly prices: GasVector;
  readonly overallFee: bigint;
  readonly unit: "FRI" | "WEI";
}

export interface SimulatedExecution extends TransactionExecution {
  readonly fee: FeeEstimate;
}

export interface SimulationOptions {
  readonly skipValidate?: boolean;
  readonly skipFeeCharge?: boolean;
  /** A nonce above the account's is an error; on by default. */
  readonly strictNonceCheck?: boolean;
}

function feeEstimate(
  gas: GasVector,
  { gasPrices }: BlockContext,
  unit: "FRI" | "WEI",
  tip: bigint,
): FeeEstimate {
  const kind = unit === "FRI" ? "fri" : "wei";
  return {
    gas,
    prices: {
      l1Gas: gasPrices.l1Gas[kind],
      l1DataGas: gasPrices.l1DataGas[kind],
      l2Gas: gasPrices.l2Gas[kind],
    },
    overallFee: gasFee(gas, gasPrices, kind, tip),
    unit,
  };
}

/**
 * Executes transactions in order, each on the state that the ones before leave; `state` itself changes
 * with them, so callers pass an overlay that they drop. Where no fee is charged, the L2 gas of the bounds
 * is no limit either, as clients that ask for an estimate do not know it yet. A revert is a result. Throws
 * TransactionRejected.
 */
export function* simulateTransactions(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: CachedState,
  transactions: Iterable<AccountTransaction>,
  { skipValidate = false, skipFeeCharge = false, strictNonceCheck = true }: SimulationOptions = {},
): Generator<SimulatedExecution> {
  for (const transaction of transactions) {
    const execution = executeTransaction(env, block, state, transaction, {
      skipValidate,
      skipFeeCharge,
      allowQueries: true,
      strictNonceCheck,
      ignoreGasBounds: skipFeeCharge,
    });
    const { resources } = execution.receipt;
    yield { ...execution, fee: feeEstimate(resources, block, "FRI", transaction.tip) };
  }
}

/** A message from L1 that has not been sent yet. */
export type HypotheticalMessage = Pick<
  L1HandlerTransaction,
  "contractAddress" | "entryPointSelector" | "calldata"
>;

/** Executes the handler of a message as if it had been paid for; a revert is a result. */
export function simulateL1Handler(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: StateReader,
  message: HypotheticalMessage,
): SimulatedExecution {
  const unhashed = {
    ...message,
    type: "L1_HANDLER",
    version: 0n,
    nonce: 0n,
    paidFeeOnL1: 1n,
  } as const;
  const transaction = { ...unhashed, hash: transactionHash(unhashed, env.chainId) };
  const execution = executeTransaction(env, block, new CachedState(state), transaction);
  return { ...execution, fee: feeEstimate(execution.receipt.resources, block, "WEI", 0n) };
}
