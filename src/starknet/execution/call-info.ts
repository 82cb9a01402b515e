/** What calls leave while they are being executed (blockifier `execution/call_info.rs`). */
import type { Felt } from "../../field/felt.ts";
import type { VmResources } from "../constants.ts";
import { messagesL1Gas } from "../fee/messages.ts";
import { eventsL2Gas } from "../fee/transaction-gas.ts";
import type { ExecutionSummary } from "../fee/transaction-gas.ts";
import { addResources, vmResourcesL2Gas } from "../fee/vm-resources.ts";
import type { CallRecord } from "./record.ts";
import type { CallInfo, CallType, EntryPointType, Event, MessageToL1 } from "../receipt.ts";

/** By what a call is charged. Below a call by steps, all calls are by steps. */
export type TrackedResource = "SIERRA_GAS" | "CAIRO_STEPS";

/** A call that is to be made. */
export interface EntryPointCall {
  /** undefined: the class of the contract */
  readonly classHash: Felt | undefined;
  readonly contractAddress: Felt;
  readonly callerAddress: Felt;
  readonly entryPointType: EntryPointType;
  readonly entryPointSelector: Felt;
  readonly callType: CallType;
  readonly calldata: readonly Felt[];
  /** Sierra gas, u64 */
  readonly initialGas: bigint;
}

/** A contract that is to be deployed. */
export interface Deployment {
  readonly classHash: Felt;
  readonly contractAddress: Felt;
  readonly callerAddress: Felt;
  readonly calldata: readonly Felt[];
  readonly initialGas: bigint;
}

/** A call that has been made, with what the protocol charges for it. */
export interface ExecutedCall extends Omit<CallInfo, "calls" | "gasConsumed"> {
  readonly calls: readonly ExecutedCall[];
  readonly trackedResource: TrackedResource;
  readonly initialGas: bigint;
  /** Sierra gas, inner calls included; 0 for a call by steps. */
  readonly sierraGas: bigint;
  /** Resources of calls by steps among this one and inner ones, syscalls included. */
  readonly vmResources: VmResources;
  /** In an environment that records. */
  readonly record?: CallRecord | undefined;
}

export const NO_EXECUTION: ExecutionSummary = {
  sierraGas: 0n,
  vmResources: addResources(),
  eventKeys: 0,
  eventData: 0,
  messages: [],
};

function* callTree(call: ExecutedCall): Generator<ExecutedCall> {
  yield call;
  for (const inner of call.calls) yield* callTree(inner);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What calls have used together. */
export function summarize(calls: readonly (ExecutedCall | undefined)[]): ExecutionSummary {
  const outer = calls.filter((call) => call !== undefined);
  const all = outer.flatMap((call) => [...callTree(call)]);
  const events = all.flatMap((call) => call.events);
  return {
    sierraGas: outer.reduce((gas, call) => gas + call.sierraGas, 0n),
    vmResources: addResources(...outer.map((call) => call.vmResources)),
    eventKeys: sum(events.map((event) => event.keys.length)),
    eventData: sum(events.map((event) => event.data.length)),
    messages: all.flatMap((call) => call.messages.map((message) => message.payload.length)),
  };
}

/**
 * A call as its trace shows it. Its gas is that of computation and events, of inner calls too; state
 * changes and the overhead of the transaction are not a call's.
 */
export function traceOf(call: ExecutedCall): CallInfo {
  const traced = (one: ExecutedCall): { info: CallInfo; eventGas: bigint } => {
    const inner = one.calls.map(traced);
    const eventGas = inner.reduce(
      (gas, { eventGas: more }) => gas + more,
      eventsL2Gas({
        eventKeys: sum(one.events.map(({ keys }) => keys.length)),
        eventData: sum(one.events.map(({ data }) => data.length)),
      }),
    );
    return {
      info: {
        contractAddress: one.contractAddress,
        callerAddress: one.callerAddress,
        classHash: one.classHash,
        entryPointType: one.entryPointType,
        entryPointSelector: one.entryPointSelector,
        callType: one.callType,
        calldata: one.calldata,
        result: one.result,
        calls: inner.map((each) => each.info),
        events: one.events,
        messages: one.messages,
        gasConsumed: one.sierraGas + vmResourcesL2Gas(one.vmResources) + eventGas,
        failed: one.failed,
      },
      eventGas,
    };
  };
  return traced(call).info;
}

/** L1 gas of a call with everything below it: that of its messages. */
export function callL1Gas(call: CallInfo): bigint {
  const lengths = (one: CallInfo): number[] => [
    ...one.messages.map(({ payload }) => payload.length),
    ...one.calls.flatMap(lengths),
  ];
  return messagesL1Gas({ toL1: lengths(call), toL2: undefined });
}

/** A panicked call's events and messages never happened, nor those of calls below it. */
export const withoutEffects = (call: ExecutedCall): ExecutedCall => ({
  ...call,
  events: [],
  messages: [],
  calls: call.calls.map(withoutEffects),
});

const byOrder = <T extends { readonly order: number }>(a: T, b: T): number => a.order - b.order;

/** Events of a call and of those below it, in the order in which they were emitted. */
export const callEvents = (call: ExecutedCall): Event[] =>
  [...callTree(call)]
    .flatMap(({ contractAddress, events }) =>
      events.map((event) => ({ ...event, fromAddress: contractAddress })),
    )
    .sort(byOrder)
    .map(({ fromAddress, keys, data }) => ({ fromAddress, keys, data }));

/** Messages to L1 of a call and of those below it, in the order in which they were sent. */
export const callMessages = (call: ExecutedCall): MessageToL1[] =>
  [...callTree(call)]
    .flatMap(({ contractAddress, messages }) =>
      messages.map((message) => ({ ...message, fromAddress: contractAddress })),
    )
    .sort(byOrder)
    .map(({ fromAddress, toAddress, payload }) => ({ fromAddress, toAddress, payload }));
