/** meta_tx_v0: runs the `__execute__` of an account as an invoke transaction of version 0 would. */
import { SELECTORS } from "../../constants.ts";
import { invokeV0Hash } from "../../transaction-hash.ts";
import { QUERY_VERSION_BASE } from "../../transaction.ts";
import { callResponse, innerCall } from "./calls.ts";
import { notInValidation, panic, syscall } from "./syscall.ts";

export const metaTxV0 = syscall({
  name: "MetaTxV0",
  read: (request) => ({
    contractAddress: request.key(),
    entryPointSelector: request.felt(),
    calldata: request.felts(),
    signature: request.felts(),
  }),
  units: ({ calldata }) => calldata.length,
  execute(scope, { contractAddress, entryPointSelector, calldata, signature }) {
    const { context, gas } = scope;
    if (context.mode === "VALIDATE") throw notInValidation("meta_tx_v0");
    if (entryPointSelector !== SELECTORS.execute) return panic("invalidArgument");
    const outer = context.info;
    const version = outer.version >= QUERY_VERSION_BASE ? QUERY_VERSION_BASE : 0n;
    context.info = {
      version,
      hash: invokeV0Hash(
        { version, contractAddress, entryPointSelector, calldata, maxFee: 0n },
        context.env.chainId,
      ),
      senderAddress: contractAddress,
      signature,
      nonce: 0n,
    };
    try {
      const answer = innerCall(
        scope,
        {
          contractAddress,
          entryPointSelector,
          calldata,
          classHash: undefined,
          callerAddress: 0n,
          entryPointType: "EXTERNAL",
          callType: "CALL",
          initialGas: gas.remaining,
        },
        {
          kind: "call",
          contractAddress,
          classHash: context.state.classHashAt(contractAddress),
          selector: entryPointSelector,
        },
      );
      return callResponse(scope, answer);
    } finally {
      context.info = outer;
    }
  },
});
