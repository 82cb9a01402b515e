/** Gas amounts, prices and fees in the spec's JSON. */
import type { GasPrice } from "../../starknet/block.ts";
import type { GasVector } from "../../starknet/receipt.ts";
import { toHex } from "../../util/hex.ts";
import type { FeeEstimate } from "../execution-service.ts";

/** RESOURCE_PRICE */
export const formatPrice = (price: GasPrice): object => ({
  price_in_fri: toHex(price.fri),
  price_in_wei: toHex(price.wei),
});

/** EXECUTION_RESOURCES: JSON integers */
export const formatResources = (gas: GasVector): object => ({
  l1_gas: Number(gas.l1Gas),
  l1_data_gas: Number(gas.l1DataGas),
  l2_gas: Number(gas.l2Gas),
});

/** FEE_ESTIMATE, MESSAGE_FEE_ESTIMATE */
export const formatFeeEstimate = (estimate: FeeEstimate): object => ({
  l1_gas_consumed: toHex(estimate.l1GasConsumed),
  l1_gas_price: toHex(estimate.l1GasPrice),
  l2_gas_consumed: toHex(estimate.l2GasConsumed),
  l2_gas_price: toHex(estimate.l2GasPrice),
  l1_data_gas_consumed: toHex(estimate.l1DataGasConsumed),
  l1_data_gas_price: toHex(estimate.l1DataGasPrice),
  overall_fee: toHex(estimate.overallFee),
  unit: estimate.unit,
});
