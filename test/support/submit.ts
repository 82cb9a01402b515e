/** Signed transactions of a predeployed account, as the JSON-RPC takes them: calls and declarations. */
import { sign } from "../../src/curve/ecdsa.ts";
import type { Felt } from "../../src/field/felt.ts";
import { selector } from "../../src/hash/keccak.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { sierraClassJson, type SierraClass } from "../../src/starknet/class/sierra.ts";
import { transactionHash } from "../../src/starknet/transaction-hash.ts";
import type { DeclareTransaction, InvokeTransaction } from "../../src/starknet/transaction.ts";
import { toHex } from "../../src/util/hex.ts";
import type { TestDevnet } from "./devnet.ts";

export interface ContractCall {
  readonly to: Felt;
  readonly entryPoint: string;
  readonly calldata: readonly Felt[];
}

export interface SubmitOptions {
  /** Number of the predeployed account. */
  readonly from?: number;
  /** Another sender, whose signature is not checked or is given. */
  readonly sender?: Felt;
  readonly nonce?: Felt;
  readonly signature?: readonly Felt[];
  readonly l1Gas?: bigint;
  readonly l2Gas?: bigint;
}

/** Largest amount of L2 gas with which the default balance and prices allow a few hundred transactions. */
const L2_GAS = 1_500_000_000n;
const PRICE = 1_000_000_000n;

function common(devnet: TestDevnet, options: SubmitOptions) {
  const { from = 0, sender, nonce, l1Gas = 2_000_000n, l2Gas = L2_GAS } = options;
  const senderAddress = sender ?? devnet.accounts[from]!.address;
  const bounds = (maxAmount: bigint) => ({ maxAmount, maxPricePerUnit: PRICE });
  return {
    senderAddress,
    version: 3n,
    nonce: nonce ?? devnet.devnet.core.sequencer.openBlock().state.nonceAt(senderAddress),
    signature: [],
    resourceBounds: { l1Gas: bounds(l1Gas), l2Gas: bounds(l2Gas), l1DataGas: bounds(0n) },
    tip: 0n,
    paymasterData: [],
    nonceDataAvailabilityMode: 0,
    feeDataAvailabilityMode: 0,
    accountDeploymentData: [],
  } as const;
}

type Unsigned = Omit<InvokeTransaction, "hash"> | Omit<DeclareTransaction, "hash">;

function broadcast(devnet: TestDevnet, unsigned: Unsigned, options: SubmitOptions) {
  const hash = transactionHash(unsigned, devnet.devnet.options.chainId);
  const { r, s } = sign(hash, devnet.accounts[options.from ?? 0]!.privateKey);
  const { l1Gas, l2Gas, l1DataGas } = unsigned.resourceBounds;
  const bound = ({ maxAmount, maxPricePerUnit }: typeof l1Gas) => ({
    max_amount: toHex(maxAmount),
    max_price_per_unit: toHex(maxPricePerUnit),
  });
  return {
    type: unsigned.type,
    version: "0x3",
    sender_address: toHex(unsigned.senderAddress),
    nonce: toHex(unsigned.nonce),
    signature: (options.signature ?? [r, s]).map(toHex),
    resource_bounds: {
      l1_gas: bound(l1Gas),
      l2_gas: bound(l2Gas),
      l1_data_gas: bound(l1DataGas),
    },
    tip: "0x0",
    paymaster_data: [],
    account_deployment_data: [],
    nonce_data_availability_mode: "L1",
    fee_data_availability_mode: "L1",
  };
}

/** An INVOKE of one or more calls. */
export function invoke(
  devnet: TestDevnet,
  calls: readonly ContractCall[],
  options: SubmitOptions = {},
) {
  const unsigned: Omit<InvokeTransaction, "hash"> = {
    type: "INVOKE",
    ...common(devnet, options),
    calldata: [
      BigInt(calls.length),
      ...calls.flatMap(({ to, entryPoint, calldata }) => [
        to,
        selector(entryPoint),
        BigInt(calldata.length),
        ...calldata,
      ]),
    ],
  };
  return { ...broadcast(devnet, unsigned, options), calldata: unsigned.calldata.map(toHex) };
}

/** A DECLARE of a class. */
export function declare(
  devnet: TestDevnet,
  sierra: SierraClass,
  compiledClassHash: Felt,
  options: SubmitOptions = {},
) {
  const unsigned: Omit<DeclareTransaction, "hash"> = {
    type: "DECLARE",
    ...common(devnet, options),
    classHash: sierraClassHash(sierra),
    compiledClassHash,
  };
  return {
    ...broadcast(devnet, unsigned, options),
    compiled_class_hash: toHex(compiledClassHash),
    contract_class: sierraClassJson(sierra),
  };
}
