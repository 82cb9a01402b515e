/** starknet.js's provider, for an L2 of one's own. */
import { RpcProvider, type TipEstimate } from "starknet";

/** A transaction's status is asked for so often, in milliseconds; it is executed within its own request. */
const RETRY_INTERVAL_MS = 50;

const NO_TIP: TipEstimate = {
  minTip: 0n,
  maxTip: 0n,
  averageTip: 0n,
  medianTip: 0n,
  modeTip: 0n,
  recommendedTip: 0n,
  p90Tip: 0n,
  p95Tip: 0n,
};

/** Nobody competes for room in these blocks; starknet.js would look through past ones, and warn that there are few. */
class DevnetProvider extends RpcProvider {
  override getEstimateTip(): Promise<TipEstimate> {
    return Promise.resolve(NO_TIP);
  }
}

export const devnetProvider = (url: string): RpcProvider =>
  new DevnetProvider({ nodeUrl: url, transactionRetryIntervalFallback: RETRY_INTERVAL_MS });
