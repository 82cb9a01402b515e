/** Answers of starknet-devnet's own methods (starknet-devnet-server 0.10.1, `api/models`). */
import type { GasPrices } from "../../starknet/block.ts";
import { toHex } from "../../util/hex.ts";
import type { DevnetConfig } from "../control.ts";
import { exactNumber } from "../json.ts";

/** GasModification: bare JSON integers */
export const formatGasPrices = ({ l1Gas, l1DataGas, l2Gas }: GasPrices): object => ({
  gas_price_wei: exactNumber(l1Gas.wei),
  data_gas_price_wei: exactNumber(l1DataGas.wei),
  gas_price_fri: exactNumber(l1Gas.fri),
  data_gas_price_fri: exactNumber(l1DataGas.fri),
  l2_gas_price_wei: exactNumber(l2Gas.wei),
  l2_gas_price_fri: exactNumber(l2Gas.fri),
});

/** DevnetConfig; members for what only starknet-devnet has (forking, lite mode) say that it is off. */
export const formatConfig = (config: DevnetConfig): object => ({
  seed: config.seed,
  total_accounts: config.accounts,
  account_contract_class_hash: toHex(config.accountClassHash),
  predeployed_accounts_initial_balance: config.initialBalance.toString(),
  start_time: config.startTime ?? null,
  ...formatGasPrices(config.gasPrices),
  chain_id: config.chainId,
  dump_on: config.dumpOn ?? null,
  dump_path: config.dumpPath ?? null,
  block_generation_on:
    typeof config.blockGenerationOn === "string"
      ? config.blockGenerationOn
      : { interval: config.blockGenerationOn.everySeconds },
  lite_mode: false,
  proof_mode: "none",
  state_archive: "full",
  fork_config: { url: null, block_number: null, caching_enabled: null },
  eth_erc20_class_hash: toHex(config.ethClassHash),
  strk_erc20_class_hash: toHex(config.strkClassHash),
  class_size_config: {
    maximum_contract_class_size: config.maximumContractClassSize,
    maximum_contract_bytecode_size: config.maximumContractBytecodeSize,
    maximum_sierra_length: config.maximumSierraLength,
  },
  server_config: {
    host: config.host,
    port: config.port,
    timeout: config.timeout,
    restricted_methods: config.restrictedMethods.length === 0 ? null : config.restrictedMethods,
    ui_enabled: false,
  },
});
