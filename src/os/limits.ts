/** What the OS cannot prove yet, in words. */
import type { ExecutedCall } from "../starknet/execution/call-info.ts";
import { DATA_GAS_ACCOUNTS, type SyscallName, V1_BOUND_ACCOUNTS } from "../starknet/constants.ts";
import type { Transaction } from "../starknet/transaction.ts";
import { toHex } from "../util/hex.ts";
import { calledEntryPoint, CLASS_BUILTINS, type OsClass } from "./classes.ts";
import { Unprovable } from "./unprovable.ts";

const SYSCALLS: ReadonlySet<SyscallName> = new Set<SyscallName>([
  "CallContract",
  "Deploy",
  "EmitEvent",
  "GetBlockHash",
  "GetClassHashAt",
  "GetExecutionInfo",
  "Keccak",
  "LibraryCall",
  "ReplaceClass",
  "SendMessageToL1",
  "StorageRead",
  "StorageWrite",
]);

/** Throws Unprovable for a transaction with fields that no protocol feature uses yet. */
export function checkTransaction(number: number, transaction: Transaction): void {
  if (transaction.type === "L1_HANDLER") return;
  const { paymasterData, nonceDataAvailabilityMode, feeDataAvailabilityMode } = transaction;
  const deployment = transaction.type === "DEPLOY_ACCOUNT" ? [] : transaction.accountDeploymentData;
  if (
    paymasterData.length + deployment.length > 0 ||
    nonceDataAvailabilityMode + feeDataAvailabilityMode > 0
  ) {
    throw new Unprovable(
      number,
      `transaction ${toHex(transaction.hash)} has paymaster data, account deployment data or a data ` +
        `availability mode other than L1`,
    );
  }
}

/** Throws Unprovable for a call whose code or syscalls the OS does not know. */
export function checkCall(number: number, call: ExecutedCall, osClass: OsClass): void {
  const { answers, outcome } = call.record!;
  const where = `contract ${toHex(call.contractAddress)} (class ${toHex(call.classHash)})`;
  if (outcome !== "RUNS") return;
  for (const { syscall } of answers) {
    if (!SYSCALLS.has(syscall)) {
      throw new Unprovable(number, `${where} makes the syscall ${syscall}`);
    }
  }
  const entryPoint = calledEntryPoint(osClass, call);
  for (const builtin of entryPoint?.builtins ?? []) {
    if (!(CLASS_BUILTINS as readonly string[]).includes(builtin)) {
      throw new Unprovable(number, `${where} uses the builtin ${builtin}`);
    }
  }
  const shownOther = DATA_GAS_ACCOUNTS.has(call.classHash) || V1_BOUND_ACCOUNTS.has(call.classHash);
  if (shownOther && answers.some(({ syscall }) => syscall === "GetExecutionInfo")) {
    throw new Unprovable(
      number,
      `${where} is an account that is shown an older transaction version`,
    );
  }
  osClass.visit(call.record!.visitedPcs);
}
