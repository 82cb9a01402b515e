/** get_execution_info: what a contract learns of block, transaction and caller. */
import type { MemoryValue } from "../../../cairo/relocatable.ts";
import type { Felt } from "../../../field/felt.ts";
import { shortString } from "../../../field/short-string.ts";
import {
  DATA_GAS_ACCOUNTS,
  V1_BOUND_ACCOUNTS,
  V1_BOUND_ACCOUNTS_MAX_TIP,
} from "../../constants.ts";
import { QUERY_VERSION_BASE } from "../../transaction.ts";
import type { ResourceBounds } from "../../transaction.ts";
import type { TransactionInfo } from "../context.ts";
import { newArray, syscall } from "./syscall.ts";
import type { SyscallScope } from "./syscall.ts";

/** Some old accounts know nothing of version 3, and are told version 1. */
function shownVersion({ version, v3 }: TransactionInfo, classHash: Felt): Felt {
  const bound =
    v3 !== undefined && v3.tip <= V1_BOUND_ACCOUNTS_MAX_TIP && V1_BOUND_ACCOUNTS.has(classHash);
  if (!bound) return version;
  return version >= QUERY_VERSION_BASE ? QUERY_VERSION_BASE + 1n : 1n;
}

const boundWords = (name: string, bounds: ResourceBounds): Felt[] => [
  shortString(name),
  bounds.maxAmount,
  bounds.maxPricePerUnit,
];

function version3Words(scope: SyscallScope, v3: NonNullable<TransactionInfo["v3"]>): MemoryValue[] {
  const { l1Gas, l2Gas, l1DataGas } = v3.resourceBounds;
  const bounds = [...boundWords("L1_GAS", l1Gas), ...boundWords("L2_GAS", l2Gas)];
  if (!DATA_GAS_ACCOUNTS.has(scope.call.classHash)) {
    bounds.push(...boundWords("L1_DATA", l1DataGas));
  }
  return [
    ...newArray(scope, bounds),
    v3.tip,
    ...newArray(scope, v3.paymasterData),
    BigInt(v3.nonceDataAvailabilityMode),
    BigInt(v3.feeDataAvailabilityMode),
    ...newArray(scope, v3.accountDeploymentData),
  ];
}

/** Nine words, as many as {@link version3Words}. */
const NO_VERSION_3 = new Array<Felt>(9).fill(0n);

function transactionWords(scope: SyscallScope): MemoryValue[] {
  const { info, env } = scope.context;
  const signature = newArray(scope, info.signature);
  return [
    shownVersion(info, scope.call.classHash),
    info.senderAddress,
    0n, // max fee, of versions before 3
    ...signature,
    info.hash,
    env.chainId,
    info.nonce,
    ...(info.v3 === undefined ? NO_VERSION_3 : version3Words(scope, info.v3)),
  ];
}

/** The struct core::starknet::info::v2::ExecutionInfo, of which older ones are the beginning. */
export const getExecutionInfo = syscall({
  name: "GetExecutionInfo",
  read: () => undefined,
  execute(scope) {
    const { frame, call, context } = scope;
    if (frame.executionInfo === undefined) {
      const { number, timestamp, sequencerAddress } = context.visibleBlock;
      const block = [BigInt(number), BigInt(timestamp), sequencerAddress];
      const [blockPtr] = newArray(scope, block);
      const [transactionPtr] = newArray(scope, transactionWords(scope));
      [frame.executionInfo] = newArray(scope, [
        blockPtr,
        transactionPtr,
        call.callerAddress,
        call.contractAddress,
        call.entryPointSelector,
      ]);
    }
    return [frame.executionInfo];
  },
});
