/** Calls, estimates and simulations for the JSON-RPC, on the state of any block of a chain. */
import type { Felt } from "../field/felt.ts";
import { RpcError } from "./errors.ts";
import {
  ExecutionError,
  type ExecutionService,
  type FeeEstimate,
  type FunctionCall,
  type InitialReads,
  type MessageFromL1,
  type Simulation,
  type SimulationOptions,
  type StateBlock,
} from "./execution-service.ts";
import { GatewayError, type Submission } from "../sequencer/gateway.ts";
import { unvalidatedIn, writeAgedBlockHash } from "../sequencer/open-block.ts";
import { CachedState } from "../state/cached-state.ts";
import type { StateReader } from "../state/reader.ts";
import type { BlockContext } from "../starknet/block.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import { BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import { CallError, callContract } from "../starknet/execution/call.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import {
  simulateL1Handler,
  simulateTransactions,
  type FeeEstimate as Estimate,
  type SimulatedExecution,
} from "../starknet/execution/estimate.ts";
import { executeTransaction } from "../starknet/execution/transaction.ts";
import { TransactionRejected } from "../starknet/execution/rejection.ts";

export interface ExecutionServiceParts {
  readonly chain: ChainView;
  readonly environment: ExecutionEnvironment;
  /** Compiles and checks the class of a DECLARE that is only simulated, and makes it known. */
  readonly prepareClass: (submission: Submission) => Promise<void>;
}

export function createExecutionService(parts: ExecutionServiceParts): ExecutionService {
  const { chain, environment } = parts;

  /** The context and state in which something runs "at" a block: that block's own, after its transactions. */
  const at = (block: StateBlock): { context: BlockContext; state: StateReader } => {
    if (block === "preConfirmed") {
      const { context, state } = chain.preConfirmed();
      return { context, state };
    }
    const context = chain.header(block);
    // It was there when the request came; a class may have been compiled since.
    if (context === undefined) throw new RpcError("BLOCK_NOT_FOUND");
    return { context, state: chain.stateAt(block) };
  };

  async function run(
    block: StateBlock,
    submissions: readonly Submission[],
    options: Pick<SimulationOptions, "skipValidate" | "skipFeeCharge">,
    each: (execution: SimulatedExecution, index: number) => void,
  ): Promise<CachedState> {
    for (const [transactionIndex, submission] of submissions.entries()) {
      await parts.prepareClass(submission).catch((cause: unknown) => {
        if (!(cause instanceof GatewayError)) throw cause;
        throw new ExecutionError("TRANSACTION_EXECUTION_ERROR", cause.message, {
          transactionIndex,
          cause,
        });
      });
    }
    const { context, state } = at(block);
    const overlay = new CachedState(state);
    const transactions = submissions.map(({ transaction }) => transaction);
    let index = 0;
    try {
      for (const execution of simulateTransactions(
        environment,
        context,
        overlay,
        transactions,
        options,
      )) {
        each(execution, index++);
      }
    } catch (error) {
      if (!(error instanceof TransactionRejected)) throw error;
      throw new ExecutionError("TRANSACTION_EXECUTION_ERROR", error.message, {
        transactionIndex: index,
        cause: error,
      });
    }
    return overlay;
  }

  return {
    async call(block: StateBlock, call: FunctionCall): Promise<readonly Felt[]> {
      const { context, state } = at(block);
      return asExecutionError(() => callContract(environment, context, state, call));
    },

    async estimateFee(block, transactions, { skipValidate }): Promise<readonly FeeEstimate[]> {
      const fees: FeeEstimate[] = [];
      await run(
        block,
        transactions,
        { skipValidate, skipFeeCharge: true },
        ({ fee, receipt }, transactionIndex) => {
          if (receipt.revertReason !== undefined) {
            throw new ExecutionError("TRANSACTION_EXECUTION_ERROR", receipt.revertReason, {
              transactionIndex,
            });
          }
          fees.push(feeEstimate(fee));
        },
      );
      return fees;
    },

    async simulate(block, transactions, options): Promise<Simulation> {
      const simulated: { trace: SimulatedExecution["trace"]; fee: FeeEstimate }[] = [];
      const overlay = await run(block, transactions, options, ({ trace, fee }) => {
        simulated.push({ trace, fee: feeEstimate(fee) });
      });
      return {
        transactions: simulated,
        ...(options.initialReads && { initialReads: overlay.initialReads() }),
      };
    },

    async estimateMessageFee(block, message: MessageFromL1): Promise<FeeEstimate> {
      const { context, state } = at(block);
      if (state.classHashAt(message.toAddress) === 0n) {
        throw new ExecutionError(
          "CONTRACT_NOT_FOUND",
          `no contract at ${message.toAddress.toString(16)}`,
        );
      }
      const { receipt, fee } = simulateL1Handler(environment, context, state, {
        contractAddress: message.toAddress,
        entryPointSelector: message.entryPointSelector,
        calldata: [message.fromAddress, ...message.payload],
      });
      if (receipt.revertReason !== undefined)
        throw new ExecutionError("CONTRACT_ERROR", receipt.revertReason);
      return feeEstimate(fee);
    },

    async initialReads(number: number): Promise<InitialReads> {
      const { header, transactions } = chain.block(number)!;
      const overlay = new CachedState(chain.stateAt(Math.max(0, number - 1)));
      const aged = number - STORED_BLOCK_HASH_BUFFER;
      const agedHash = chain.header(aged)?.hash;
      if (agedHash !== undefined) writeAgedBlockHash(overlay, number, agedHash);
      const skipped = unvalidatedIn(transactions, chain.traces(number)!);
      for (const transaction of transactions) {
        const skipValidate = skipped.has(transaction.hash);
        executeTransaction(environment, header, overlay, transaction, { skipValidate });
      }
      return withoutCell(overlay.initialReads(), BLOCK_HASH_CONTRACT, BigInt(aged));
    },
  };
}

/** Reads but for one cell of storage: one that the block itself sets before anything can read it. */
function withoutCell(reads: InitialReads, address: Felt, key: Felt): InitialReads {
  const cells = new Map(reads.storage.get(address));
  if (!cells.delete(key)) return reads;
  const storage = new Map(reads.storage);
  if (cells.size === 0) storage.delete(address);
  else storage.set(address, cells);
  return { ...reads, storage };
}

function asExecutionError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw new ExecutionError(error.code, error.reason, { frames: error.frames, cause: error });
  }
}

const feeEstimate = ({ gas, prices, overallFee, unit }: Estimate): FeeEstimate => ({
  l1GasConsumed: gas.l1Gas,
  l1GasPrice: prices.l1Gas,
  l2GasConsumed: gas.l2Gas,
  l2GasPrice: prices.l2Gas,
  l1DataGasConsumed: gas.l1DataGas,
  l1DataGasPrice: prices.l1DataGas,
  overallFee,
  unit,
});
