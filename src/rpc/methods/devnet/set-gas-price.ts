import type { GasPriceChanges } from "../../control.ts";
import { formatGasPrices } from "../../format/devnet.ts";
import { devnetMethod } from "../../method.ts";
import { gasPrice } from "../../schema/devnet.ts";
import { boolean, optional } from "../../schema/schema.ts";

export const setGasPrice = devnetMethod({
  name: "devnet_setGasPrice",
  parameters: {
    gas_price_wei: gasPrice,
    data_gas_price_wei: gasPrice,
    gas_price_fri: gasPrice,
    data_gas_price_fri: gasPrice,
    l2_gas_price_wei: gasPrice,
    l2_gas_price_fri: gasPrice,
    generate_block: optional(boolean),
  },
  mutates: true,
  async handle({ control }, params) {
    const changes: GasPriceChanges = {
      l1GasWei: params.gas_price_wei,
      l1GasFri: params.gas_price_fri,
      l1DataGasWei: params.data_gas_price_wei,
      l1DataGasFri: params.data_gas_price_fri,
      l2GasWei: params.l2_gas_price_wei,
      l2GasFri: params.l2_gas_price_fri,
    };
    return formatGasPrices(await control.setGasPrices(changes, params.generate_block ?? false));
  },
});
