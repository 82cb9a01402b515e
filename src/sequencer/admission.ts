/**
 * What the gateway checks before a transaction may wait in the mempool. Checks that need execution
 * (signature, balance, nonce) come with it.
 */
import type { Felt } from "../field/felt.ts";
import type { StateReader } from "../state/reader.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { compiledClassHash } from "../starknet/class/compiled-class-hash.ts";
import { ClassError } from "../starknet/class/errors.ts";
import { sierraClassJson, type SierraClass } from "../starknet/class/sierra.ts";
import { QUERY_VERSION_BASE, type AccountTransaction } from "../starknet/transaction.ts";
import { toHex } from "../util/hex.ts";
import { GatewayError, type DeclareSubmission, type Submission } from "./gateway.ts";
import type { ClassLibrary, NewClass } from "./class-library.ts";

export interface ClassLimits {
  /** bytes of the class's JSON */
  readonly maximumContractClassSize: number;
  /** felts of bytecode */
  readonly maximumContractBytecodeSize: number;
  /** felts of Sierra */
  readonly maximumSierraLength: number;
}

/** starknet-devnet's, which are mainnet's */
export const DEFAULT_CLASS_LIMITS: ClassLimits = {
  maximumContractClassSize: 4_089_446,
  maximumContractBytecodeSize: 81_920,
  maximumSierraLength: 81_920,
};

export interface Admission {
  readonly classLimits: ClassLimits;
  /** @param classHash the class's own */
  readonly compile: (sierra: SierraClass, classHash: Felt) => Promise<CasmClass>;
}

/** Longest calldata and signature, felts (apollo_gateway's stateless limits). */
const MAX_CALLDATA = 5_000;
const MAX_SIGNATURE = 4_000;

/**
 * Checks a submission; for a DECLARE, compiles its class. Throws GatewayError.
 *
 * @param state what the chain will be like when the open block closes
 */
export async function admit(
  submission: Submission,
  state: StateReader,
  admission: Admission,
): Promise<NewClass | undefined> {
  checkForm(submission.transaction);
  return "sierra" in submission ? admitClass(submission, state, admission) : undefined;
}

/** Checks and compiles the class of a DECLARE. Throws GatewayError. */
export async function admitClass(
  { transaction, sierra }: DeclareSubmission,
  state: StateReader,
  { classLimits, compile }: Admission,
): Promise<NewClass> {
  const { classHash, compiledClassHash: claimed } = transaction;
  if (state.compiledClassHash(classHash) !== 0n) {
    throw new GatewayError(
      "CLASS_ALREADY_DECLARED",
      `class ${toHex(classHash)} is declared already`,
    );
  }
  checkSierraSize(sierra, classLimits);
  const casm = await compiled(() => compile(sierra, classHash));
  if (casm.bytecode.length > classLimits.maximumContractBytecodeSize) {
    throw tooLarge(
      `compiled class has ${casm.bytecode.length} felts`,
      classLimits.maximumContractBytecodeSize,
    );
  }
  const actual = compiledClassHash(casm);
  if (actual !== claimed) {
    throw new GatewayError(
      "COMPILED_CLASS_HASH_MISMATCH",
      `the transaction says ${toHex(claimed)}, the class compiles to ${toHex(actual)}`,
    );
  }
  return { sierra, casm };
}

/**
 * Makes the class of a DECLARE that is only simulated known to `library`, compiled and checked. Throws GatewayError.
 *
 * @param state as for `admit`
 */
export async function prepareSimulated(
  submission: Submission,
  state: () => StateReader,
  library: ClassLibrary,
  admission: Admission,
): Promise<void> {
  if (!("sierra" in submission)) return;
  const { classHash } = submission.transaction;
  if (library.runnable(classHash) !== undefined) return;
  library.remember(classHash, await admitClass(submission, state(), admission));
}

function checkForm(transaction: AccountTransaction): void {
  if (transaction.version !== 3n) {
    const why = transaction.version >= QUERY_VERSION_BASE ? "; it is for simulations only" : "";
    throw new GatewayError(
      "UNSUPPORTED_TX_VERSION",
      `expected version 3, got ${toHex(transaction.version)}${why}`,
    );
  }
  if (transaction.type === "DEPLOY_ACCOUNT" && transaction.nonce !== 0n) {
    throw new GatewayError(
      "INVALID_TRANSACTION_NONCE",
      `an account is deployed with nonce 0, not ${transaction.nonce}`,
    );
  }
  const tooMany = (what: string, list: readonly Felt[], limit: number): void => {
    if (list.length <= limit) return;
    throw new GatewayError(
      "UNEXPECTED_ERROR",
      `${what} has ${list.length} felts; at most ${limit} are allowed`,
    );
  };
  tooMany("signature", transaction.signature, MAX_SIGNATURE);
  if (transaction.type === "INVOKE") tooMany("calldata", transaction.calldata, MAX_CALLDATA);
  if (transaction.type === "DEPLOY_ACCOUNT")
    tooMany("constructor_calldata", transaction.constructorCalldata, MAX_CALLDATA);
  if (transaction.paymasterData.length > 0) {
    throw new GatewayError(
      "UNEXPECTED_ERROR",
      "paymaster_data: expected an empty list, the protocol has no use for it yet",
    );
  }
  if ("accountDeploymentData" in transaction && transaction.accountDeploymentData.length > 0) {
    throw new GatewayError(
      "UNEXPECTED_ERROR",
      "account_deployment_data: expected an empty list, the protocol has no use for it yet",
    );
  }
  if (transaction.nonceDataAvailabilityMode !== 0 || transaction.feeDataAvailabilityMode !== 0) {
    throw new GatewayError(
      "UNEXPECTED_ERROR",
      "data availability modes: expected L1, the protocol has no other yet",
    );
  }
}

function checkSierraSize(sierra: SierraClass, limits: ClassLimits): void {
  if (sierra.sierraProgram.length > limits.maximumSierraLength) {
    throw tooLarge(
      `Sierra program has ${sierra.sierraProgram.length} felts`,
      limits.maximumSierraLength,
    );
  }
  const bytes = JSON.stringify(sierraClassJson(sierra)).length;
  if (bytes > limits.maximumContractClassSize) {
    throw tooLarge(`class has ${bytes} bytes of JSON`, limits.maximumContractClassSize);
  }
}

const tooLarge = (what: string, limit: number): GatewayError =>
  new GatewayError("CONTRACT_CLASS_SIZE_IS_TOO_LARGE", `${what}; at most ${limit} are allowed`);

async function compiled(compile: () => Promise<CasmClass>): Promise<CasmClass> {
  try {
    return await compile();
  } catch (cause) {
    if (!(cause instanceof ClassError)) throw cause;
    const unsupported = cause.code === "UNSUPPORTED_CLASS_VERSION";
    throw new GatewayError(
      unsupported ? "UNSUPPORTED_CONTRACT_CLASS_VERSION" : "COMPILATION_FAILED",
      cause.message,
      { cause },
    );
  }
}
