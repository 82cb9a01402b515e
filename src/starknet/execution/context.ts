/**
 * What the calls of one phase of a transaction share: validation, execution or fee transfer
 * (blockifier `EntryPointExecutionContext`).
 */
import type { Felt } from "../../field/felt.ts";
import type { CachedState } from "../../state/cached-state.ts";
import type { BlockContext } from "../block.ts";
import { LIMITS, NODE_LIMITS, STEP_GAS, VALIDATE_ROUNDING } from "../constants.ts";
import type { AllResourceBounds, Transaction } from "../transaction.ts";
import type { TrackedResource } from "./call-info.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { failure } from "./failure.ts";

export type ExecutionMode = "VALIDATE" | "EXECUTE";

/** What contracts learn of the transaction, through get_execution_info. */
export interface TransactionInfo {
  /** with the bit of queries */
  readonly version: Felt;
  readonly hash: Felt;
  readonly senderAddress: Felt;
  readonly signature: readonly Felt[];
  readonly nonce: Felt;
  /** Fields that only version 3 has. */
  readonly v3?: {
    readonly resourceBounds: AllResourceBounds;
    readonly tip: bigint;
    readonly paymasterData: readonly Felt[];
    readonly nonceDataAvailabilityMode: 0 | 1;
    readonly feeDataAvailabilityMode: 0 | 1;
    readonly accountDeploymentData: readonly Felt[];
  };
}

export function transactionInfo(transaction: Transaction): TransactionInfo {
  const { version, hash, nonce } = transaction;
  if (transaction.type === "L1_HANDLER") {
    return { version, hash, nonce, senderAddress: transaction.contractAddress, signature: [] };
  }
  return {
    version,
    hash,
    nonce,
    senderAddress: transaction.senderAddress,
    signature: transaction.signature,
    v3: {
      ...transaction,
      accountDeploymentData:
        transaction.type === "DEPLOY_ACCOUNT" ? [] : transaction.accountDeploymentData,
    },
  };
}

/** Steps that calls without Sierra gas may take in a phase, the sender's L2 gas bound included. */
export function maxSteps(mode: ExecutionMode, l2GasBound: bigint | undefined): number {
  const limit = mode === "VALIDATE" ? LIMITS.validateSteps : LIMITS.executeSteps;
  if (l2GasBound === undefined) return limit;
  const affordable = l2GasBound / STEP_GAS;
  return affordable < BigInt(limit) ? Number(affordable) : limit;
}

export interface ContextInput {
  readonly env: ExecutionEnvironment;
  readonly block: BlockContext;
  readonly state: CachedState;
  readonly info: TransactionInfo;
  readonly mode: ExecutionMode;
  /** Sierra gas of the phase. */
  readonly initialGas: bigint;
  /** Steps of the phase, for calls by steps. */
  readonly steps: number;
}

/** The mutable part of a phase. */
export class ExecutionContext {
  readonly env: ExecutionEnvironment;
  readonly block: BlockContext;
  readonly state: CachedState;
  readonly mode: ExecutionMode;
  /** Replaced for the time of a meta_tx_v0. */
  info: TransactionInfo;
  remainingSteps: number;
  /** Calls that are under way. */
  depth = 0;
  eventCount = 0;
  messageCount = 0;
  readonly trackedResources: TrackedResource[] = [];
  readonly #initialGas: bigint;
  #lastSeenGas: bigint;
  #copiedFelts = 0;

  constructor({ env, block, state, info, mode, initialGas, steps }: ContextInput) {
    this.env = env;
    this.block = block;
    this.state = state;
    this.info = info;
    this.mode = mode;
    this.remainingSteps = steps;
    this.#initialGas = initialGas;
    this.#lastSeenGas = initialGas;
  }

  get trackedResource(): TrackedResource | undefined {
    return this.trackedResources.at(-1);
  }

  /** Notes the gas that is left, so that a failure is charged for what came before it. */
  noteGas(trackedResource: TrackedResource | undefined, remaining: bigint): void {
    if (trackedResource === "SIERRA_GAS") this.#lastSeenGas = remaining;
  }

  /** Counts felts before a syscall copies them. Throws ExecutionFailure where they are too many. */
  countCopies(felts: number): void {
    this.#copiedFelts += felts;
    if (this.#copiedFelts > NODE_LIMITS.copiedFelts) {
      throw failure(
        `Syscalls passed on more than ${NODE_LIMITS.copiedFelts} felts, the limit of this node.`,
      );
    }
  }

  /** Gas that was seen to be used. */
  get gasSeen(): bigint {
    return this.#initialGas - this.#lastSeenGas;
  }

  /** The block as contracts may see it: `__validate__` only roughly, so that it cannot depend on it. */
  get visibleBlock(): Pick<BlockContext, "number" | "timestamp" | "sequencerAddress"> {
    if (this.mode === "EXECUTE") return this.block;
    const floor = (value: number, unit: number): number => value - (value % unit);
    return {
      number: floor(this.block.number, VALIDATE_ROUNDING.blockNumber),
      timestamp: floor(this.block.timestamp, VALIDATE_ROUNDING.timestamp),
      sequencerAddress: 0n,
    };
  }
}
