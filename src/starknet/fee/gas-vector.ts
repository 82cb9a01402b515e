/** Arithmetic on amounts of the three gases, and their price (blockifier, starknet_api `execution_resources.rs`). */
import type { GasPrices } from "../block.ts";
import type { GasVector } from "../receipt.ts";
import type { AllResourceBounds } from "../transaction.ts";

export const NO_GAS: GasVector = { l1Gas: 0n, l1DataGas: 0n, l2Gas: 0n };

export const l1Gas = (amount: bigint): GasVector => ({ ...NO_GAS, l1Gas: amount });
export const l2Gas = (amount: bigint): GasVector => ({ ...NO_GAS, l2Gas: amount });

export const addGas = (...amounts: readonly GasVector[]): GasVector =>
  amounts.reduce(
    (a, b) => ({
      l1Gas: a.l1Gas + b.l1Gas,
      l1DataGas: a.l1DataGas + b.l1DataGas,
      l2Gas: a.l2Gas + b.l2Gas,
    }),
    NO_GAS,
  );

export const scaleGas = (gas: GasVector, factor: bigint): GasVector => ({
  l1Gas: gas.l1Gas * factor,
  l1DataGas: gas.l1DataGas * factor,
  l2Gas: gas.l2Gas * factor,
});

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The smaller amount of each gas. */
export const capGas = (gas: GasVector, cap: GasVector): GasVector => ({
  l1Gas: smaller(gas.l1Gas, cap.l1Gas),
  l1DataGas: smaller(gas.l1DataGas, cap.l1DataGas),
  l2Gas: smaller(gas.l2Gas, cap.l2Gas),
});

export const maxAmounts = (bounds: AllResourceBounds): GasVector => ({
  l1Gas: bounds.l1Gas.maxAmount,
  l1DataGas: bounds.l1DataGas.maxAmount,
  l2Gas: bounds.l2Gas.maxAmount,
});

/** Fee of version 3 transactions is in fri, that of L1 handlers in wei. The tip is per unit of L2 gas. */
export const gasFee = (gas: GasVector, prices: GasPrices, unit: "fri" | "wei", tip = 0n): bigint =>
  gas.l1Gas * prices.l1Gas[unit] +
  gas.l1DataGas * prices.l1DataGas[unit] +
  gas.l2Gas * (prices.l2Gas[unit] + tip);

/** The most that a transaction with these bounds can cost. */
export const maxFee = (bounds: AllResourceBounds, tip: bigint): bigint =>
  bounds.l1Gas.maxAmount * bounds.l1Gas.maxPricePerUnit +
  bounds.l1DataGas.maxAmount * bounds.l1DataGas.maxPricePerUnit +
  bounds.l2Gas.maxAmount * (bounds.l2Gas.maxPricePerUnit + tip);
