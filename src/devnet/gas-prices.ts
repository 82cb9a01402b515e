import type { GasPrices } from "../starknet/block.ts";
import type { DevnetOptions } from "./options.ts";

/** Prices at the start, from the options. */
export const initialGasPrices = (options: DevnetOptions): GasPrices => ({
  l1Gas: { wei: options.gasPrice, fri: options.gasPriceFri },
  l1DataGas: { wei: options.dataGasPrice, fri: options.dataGasPriceFri },
  l2Gas: { wei: options.l2GasPrice, fri: options.l2GasPriceFri },
});
