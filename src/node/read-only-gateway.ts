/** The gateway of a node that takes no transactions: it knows what its chain knows. */
import { GatewayError, type Gateway } from "../sequencer/gateway.ts";
import type { ChainView } from "../starknet/chain-view.ts";

/** @param where to send transactions instead, as the error says it */
export const readOnlyGateway = (chain: ChainView, where: string): Gateway => ({
  submit: () =>
    Promise.reject(
      new GatewayError(
        "UNEXPECTED_ERROR",
        `this node takes no transactions: send them to ${where}`,
      ),
    ),
  stageOf(hash) {
    const location = chain.locate(hash);
    if (location?.kind !== "block") return undefined;
    return location.number <= (chain.latestOnL1() ?? -1) ? "ACCEPTED_ON_L1" : "ACCEPTED_ON_L2";
  },
  pooled: () => undefined,
});
