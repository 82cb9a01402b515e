/** Resource bounds against prices, use and balance (blockifier `fee/fee_checks.rs`, `account_transaction.rs`). */
import type { GasPrices } from "../block.ts";
import type { GasVector } from "../receipt.ts";
import type { AllResourceBounds } from "../transaction.ts";

/** In the order in which blockifier checks a used amount. */
const AMOUNT_ORDER = ["l1Gas", "l2Gas", "l1DataGas"] as const;
/** In the order in which blockifier lists bounds that are too low. */
const BOUNDS_ORDER = ["l1Gas", "l1DataGas", "l2Gas"] as const;

const NAMES = { l1Gas: "L1Gas", l2Gas: "L2Gas", l1DataGas: "L1DataGas" } as const;

/** What is wrong with bounds before anything runs; undefined when they cover the minimum. */
export function boundsShortfall(
  bounds: AllResourceBounds,
  minimum: GasVector,
  prices: GasPrices,
): string | undefined {
  const problems: string[] = [];
  for (const resource of BOUNDS_ORDER) {
    const { maxAmount, maxPricePerUnit } = bounds[resource];
    if (minimum[resource] > maxAmount) {
      problems.push(
        `Max ${NAMES[resource]} amount (${maxAmount}) is lower than the minimal gas amount: ` +
          `${minimum[resource]}.`,
      );
    }
    if (maxPricePerUnit < prices[resource].fri) {
      problems.push(
        `Max ${NAMES[resource]} price (${maxPricePerUnit}) is lower than the actual gas price: ` +
          `${prices[resource].fri}.`,
      );
    }
  }
  return problems.length === 0
    ? undefined
    : `Resource bounds were not satisfied: ${problems.join("\n")}`;
}

/** Names the first gas of which more was used than allowed; undefined when all are within bounds. */
export function amountExceeded(allowed: GasVector, used: GasVector): string | undefined {
  for (const resource of AMOUNT_ORDER) {
    if (allowed[resource] < used[resource]) {
      return (
        `Insufficient max ${NAMES[resource]}: max amount: ${allowed[resource]}, ` +
        `actual used: ${used[resource]}.`
      );
    }
  }
  return undefined;
}

const LOW_HALF = (1n << 128n) - 1n;

/** Says that a balance does not cover the fee; undefined when it does. */
export function balanceExceeded(balance: bigint, fee: bigint): string | undefined {
  return balance >= fee
    ? undefined
    : `Insufficient fee token balance. Fee: ${fee}, balance: low/high ` +
        `${balance & LOW_HALF}/${balance >> 128n}.`;
}

const showBounds = ({ maxAmount, maxPricePerUnit }: AllResourceBounds["l1Gas"]): string =>
  `{ max_amount: ${maxAmount}, max_price_per_unit: ${maxPricePerUnit} }`;

/** Message for a balance that does not cover the bounds that its owner commits to. */
export const boundsExceedBalance = (bounds: AllResourceBounds, balance: bigint): string =>
  `Resources bounds ({ l1_gas: ${showBounds(bounds.l1Gas)}, l2_gas: ${showBounds(bounds.l2Gas)}, ` +
  `l1_data_gas: ${showBounds(bounds.l1DataGas)} }) exceed balance (${balance}).`;
