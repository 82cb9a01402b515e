/** TRANSACTION_TRACE, FUNCTION_INVOCATION and INITIAL_READS (starknet_trace_api_openrpc.json). */
import type { CallInfo, TransactionTrace } from "../../starknet/receipt.ts";
import { toHex } from "../../util/hex.ts";
import type { InitialReads } from "../execution-service.ts";
import { hexes, sorted } from "./felts.ts";
import { formatResources } from "./gas.ts";
import { formatStateDiff } from "./state-diff.ts";

/** FUNCTION_INVOCATION. Calls nest at most as deep as the protocol lets them. */
export const formatCall = (call: CallInfo): object => ({
  contract_address: toHex(call.contractAddress),
  entry_point_selector: toHex(call.entryPointSelector),
  calldata: hexes(call.calldata),
  caller_address: toHex(call.callerAddress),
  class_hash: toHex(call.classHash),
  entry_point_type: call.entryPointType,
  call_type: call.callType,
  result: hexes(call.result),
  calls: call.calls.map(formatCall),
  events: call.events.map(({ order, keys, data }) => ({
    order,
    keys: hexes(keys),
    data: hexes(data),
  })),
  messages: call.messages.map(({ order, toAddress, payload }) => ({
    order,
    from_address: toHex(call.contractAddress),
    to_address: toHex(toAddress),
    payload: hexes(payload),
  })),
  // Data and messages are priced for the whole transaction, so a call has L2 gas only.
  execution_resources: { l1_gas: 0, l2_gas: Number(call.gasConsumed) },
  is_reverted: call.failed,
});

const member = (name: string, call: CallInfo | undefined): object =>
  call === undefined ? {} : { [name]: formatCall(call) };

const EXECUTION_MEMBER = {
  INVOKE: "execute_invocation",
  DEPLOY_ACCOUNT: "constructor_invocation",
  L1_HANDLER: "function_invocation",
  DECLARE: undefined,
} as const;

function formatExecution(trace: TransactionTrace): object {
  const name = EXECUTION_MEMBER[trace.type];
  if (name === undefined) return {};
  return trace.revertReason === undefined
    ? member(name, trace.execute)
    : { [name]: { revert_reason: trace.revertReason } };
}

/** TRANSACTION_TRACE */
export const formatTrace = (trace: TransactionTrace): object => ({
  type: trace.type,
  ...member("validate_invocation", trace.validate),
  ...formatExecution(trace),
  ...member("fee_transfer_invocation", trace.feeTransfer),
  state_diff: formatStateDiff(trace.stateDiff),
  execution_resources: formatResources(trace.resources),
});

/** INITIAL_READS */
export const formatInitialReads = (reads: InitialReads): object => ({
  storage: sorted(reads.storage).flatMap(([address, entries]) =>
    sorted(entries).map(([key, value]) => ({
      contract_address: toHex(address),
      key: toHex(key),
      value: toHex(value),
    })),
  ),
  nonces: sorted(reads.nonces).map(([address, nonce]) => ({
    contract_address: toHex(address),
    nonce: toHex(nonce),
  })),
  class_hashes: sorted(reads.classHashes).map(([address, classHash]) => ({
    contract_address: toHex(address),
    class_hash: toHex(classHash),
  })),
  declared_contracts: sorted(reads.declaredClasses).map(([classHash, declared]) => ({
    class_hash: toHex(classHash),
    is_declared: declared,
  })),
});
