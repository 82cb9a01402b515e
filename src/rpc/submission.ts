/** From broadcast transactions to what the gateway and the executor take: with hashes and addresses. */
import type { Felt } from "../field/felt.ts";
import type { Submission } from "../sequencer/gateway.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { contractAddress } from "../starknet/class/contract-address.ts";
import { transactionHash } from "../starknet/transaction-hash.ts";
import { QUERY_VERSION_BASE } from "../starknet/transaction.ts";
import { RpcError } from "./errors.ts";
import type {
  Broadcast,
  BroadcastDeclare,
  BroadcastDeployAccount,
  BroadcastInvoke,
} from "./schema/transaction.ts";

const VERSION = 3n;

/** Throws UNSUPPORTED_TX_VERSION; `query` allows what may only be simulated. */
function checkVersion(version: Felt, query: boolean): void {
  if (version === VERSION || (query && version === VERSION + QUERY_VERSION_BASE)) return;
  throw new RpcError("UNSUPPORTED_TX_VERSION");
}

export interface SubmissionOptions {
  readonly chainId: Felt;
  /** The transaction is to be simulated. */
  readonly query: boolean;
}

export function invokeSubmission(
  { transaction, proof, proofFacts }: BroadcastInvoke,
  { chainId, query }: SubmissionOptions,
) {
  checkVersion(transaction.version, query);
  // Proofs of transactions (SNIP-36) came after protocol 0.14.0: none is valid here.
  if (proofFacts.length > 0 || (proof ?? "") !== "") throw new RpcError("INVALID_PROOF");
  return { transaction: { ...transaction, hash: transactionHash(transaction, chainId) } };
}

export function declareSubmission(
  { transaction, sierra }: BroadcastDeclare,
  { chainId, query }: SubmissionOptions,
) {
  checkVersion(transaction.version, query);
  const unhashed = { ...transaction, classHash: sierraClassHash(sierra) };
  return { transaction: { ...unhashed, hash: transactionHash(unhashed, chainId) }, sierra };
}

export function deployAccountSubmission(
  { transaction }: BroadcastDeployAccount,
  { chainId, query }: SubmissionOptions,
) {
  checkVersion(transaction.version, query);
  const senderAddress = contractAddress({
    deployer: 0n,
    salt: transaction.contractAddressSalt,
    classHash: transaction.classHash,
    constructorCalldata: transaction.constructorCalldata,
  });
  const unhashed = { ...transaction, senderAddress };
  return { transaction: { ...unhashed, hash: transactionHash(unhashed, chainId) } };
}

/** Any transaction that is to be simulated. */
export function simulationSubmission(broadcast: Broadcast, chainId: Felt): Submission {
  const options = { chainId, query: true };
  if ("sierra" in broadcast) return declareSubmission(broadcast, options);
  return "proofFacts" in broadcast
    ? invokeSubmission(broadcast, options)
    : deployAccountSubmission(broadcast, options);
}
