/** Gas of a whole transaction (blockifier `fee/receipt.rs`, `fee/resources.rs`). */
import type { DataAvailabilityMode } from "../block.ts";
import { ARCHIVAL_L2_GAS, OS_TRANSACTION_RESOURCES } from "../constants.ts";
import type { VmResources } from "../constants.ts";
import type { GasVector } from "../receipt.ts";
import type { Transaction } from "../transaction.ts";
import { addGas, l1Gas, l2Gas } from "./gas-vector.ts";
import { messagesL1Gas } from "./messages.ts";
import { dataAvailabilityGas, dataSegmentLength, stateChangesGas } from "./state-changes.ts";
import type { StateChangesCount } from "./state-changes.ts";
import { addResources, kzgResources, linearResources, vmResourcesL2Gas } from "./vm-resources.ts";

/** What calls have used, inner ones included. */
export interface ExecutionSummary {
  /** of calls that are charged by Sierra gas */
  readonly sierraGas: bigint;
  /** of calls that are charged by Cairo steps */
  readonly vmResources: VmResources;
  readonly eventKeys: number;
  readonly eventData: number;
  /** payload lengths of messages to L1 */
  readonly messages: readonly number[];
}

/** All that the gas of a transaction depends on. Lengths in felts, `codeSize` in bytes. */
export interface TransactionResources {
  readonly type: Transaction["type"];
  readonly calldataLength: number;
  readonly signatureLength: number;
  /** DECLARE only */
  readonly codeSize: number;
  readonly stateChanges: StateChangesCount;
  /** L1_HANDLER only: length of the message's payload */
  readonly l1Payload?: number;
  readonly execution: ExecutionSummary;
  /** Of an execution that was undone. */
  readonly reverted: { readonly steps: number; readonly sierraGas: bigint };
}

/** Gas by what it is charged for; `total` is what the fee goes by. */
export interface GasBreakdown {
  readonly computation: GasVector;
  /** calldata, signature, code and events, kept on L2 */
  readonly archival: GasVector;
  /** state changes on L1, allocation included */
  readonly stateChanges: GasVector;
  readonly messages: GasVector;
  readonly total: GasVector;
}

/** L2 gas of keeping events. */
export const eventsL2Gas = ({
  eventKeys,
  eventData,
}: Pick<ExecutionSummary, "eventKeys" | "eventData">): bigint =>
  ARCHIVAL_L2_GAS.perFelt *
  (ARCHIVAL_L2_GAS.eventKeyFactor * BigInt(eventKeys) + BigInt(eventData));

/** What the OS spends around the execution of a transaction, the fee transfer included. */
function overhead(
  type: Transaction["type"],
  calldataLength: number,
  segmentLength: number,
  mode: DataAvailabilityMode,
): VmResources {
  const inner = linearResources(OS_TRANSACTION_RESOURCES[type], calldataLength);
  return mode === "BLOB" ? addResources(inner, kzgResources(segmentLength)) : inner;
}

export function transactionGas(
  resources: TransactionResources,
  mode: DataAvailabilityMode,
): GasBreakdown {
  const { type, calldataLength, signatureLength, codeSize, execution, reverted } = resources;
  const segmentLength = dataSegmentLength(resources.stateChanges);
  const vmResources = addResources(
    execution.vmResources,
    overhead(type, calldataLength, segmentLength, mode),
  );
  const parts = {
    computation: l2Gas(
      vmResourcesL2Gas(vmResources, reverted.steps) + execution.sierraGas + reverted.sierraGas,
    ),
    archival: l2Gas(
      ARCHIVAL_L2_GAS.perFelt * BigInt(calldataLength + signatureLength) +
        ARCHIVAL_L2_GAS.perCodeByte * BigInt(codeSize) +
        eventsL2Gas(execution),
    ),
    stateChanges: stateChangesGas(resources.stateChanges, mode),
    messages: l1Gas(messagesL1Gas({ toL1: execution.messages, toL2: resources.l1Payload })),
  };
  return { ...parts, total: addGas(...Object.values(parts)) };
}

/** Steps that the OS needs for a transaction, beyond its validation and execution. */
export const overheadSteps = (type: Transaction["type"], calldataLength: number): number =>
  linearResources(OS_TRANSACTION_RESOURCES[type], calldataLength).steps;

/**
 * Lower bound of the gas of an account transaction: a new nonce, a new balance of the sender and the
 * steps of the OS. Bounds below it are refused before anything runs (blockifier
 * `estimate_minimal_gas_vector`, which takes the KZG steps in every data availability mode).
 */
export function minimalGas(
  type: Transaction["type"],
  calldataLength: number,
  mode: DataAvailabilityMode,
): GasVector {
  const changes: StateChangesCount = {
    storageUpdates: 1,
    classHashUpdates: type === "DEPLOY_ACCOUNT" ? 1 : 0,
    compiledClassHashUpdates: 0,
    modifiedContracts: 1,
    allocatedKeys: 0,
  };
  const steps =
    overheadSteps(type, calldataLength) + kzgResources(dataSegmentLength(changes)).steps;
  return addGas(
    dataAvailabilityGas(changes, mode),
    l2Gas(vmResourcesL2Gas({ steps, memoryHoles: 0, builtins: {} })),
  );
}
