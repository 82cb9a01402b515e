/** Invokes that the devnet itself signs, for accounts whose keys it has. */
import { sign } from "../curve/ecdsa.ts";
import type { Felt } from "../field/felt.ts";
import type { PredeployedAccount } from "../rpc/control.ts";
import { transactionHash } from "../starknet/transaction-hash.ts";
import type { InvokeTransaction } from "../starknet/transaction.ts";
import type { DevnetCore } from "./core.ts";

/** Far above what a call of a token needs: about a million L2 gas. */
const L2_GAS = 10_000_000n;
const L1_GAS = 100_000n;

export interface TokenCall {
  readonly to: Felt;
  readonly selector: Felt;
  readonly calldata: readonly Felt[];
}

/** One call by `account`, with its next nonce, at the present prices, signed. */
export function signedInvoke(
  { sequencer, options }: DevnetCore,
  account: Pick<PredeployedAccount, "address" | "privateKey">,
  { to, selector, calldata }: TokenCall,
): InvokeTransaction {
  const { l1Gas, l1DataGas, l2Gas } = sequencer.gasPrices;
  const unsigned = {
    type: "INVOKE",
    version: 3n,
    senderAddress: account.address,
    nonce: sequencer.openBlock().state.nonceAt(account.address),
    resourceBounds: {
      l1Gas: { maxAmount: L1_GAS, maxPricePerUnit: l1Gas.fri },
      l1DataGas: { maxAmount: L1_GAS, maxPricePerUnit: l1DataGas.fri },
      l2Gas: { maxAmount: L2_GAS, maxPricePerUnit: l2Gas.fri },
    },
    tip: 0n,
    paymasterData: [],
    nonceDataAvailabilityMode: 0,
    feeDataAvailabilityMode: 0,
    accountDeploymentData: [],
    // The account's __execute__ takes a list of calls.
    calldata: [1n, to, selector, BigInt(calldata.length), ...calldata],
    signature: [],
  } as const;
  const hash = transactionHash(unsigned, options.chainId);
  const { r, s } = sign(hash, account.privateKey);
  return { ...unsigned, hash, signature: [r, s] };
}
