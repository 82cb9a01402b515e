/** What a devnet says of itself. */
import { shortStringOrHex } from "../field/short-string.ts";
import type { DevnetConfig, DevnetStatus } from "../rpc/control.ts";
import { loadSystemClass } from "../starknet/class/system.ts";
import { packageVersion } from "../util/package.ts";
import type { DevnetCore } from "./core.ts";
import { initialGasPrices } from "./gas-prices.ts";

export function configOf({ options }: DevnetCore): DevnetConfig {
  const token = loadSystemClass("erc20").classHash;
  return {
    seed: options.seed,
    accounts: options.accounts,
    accountClassHash: loadSystemClass("account").classHash,
    initialBalance: options.initialBalance,
    startTime: options.startTime,
    gasPrices: initialGasPrices(options),
    chainId: shortStringOrHex(options.chainId),
    dumpOn: options.dumpOn,
    dumpPath: options.dumpPath,
    blockGenerationOn: options.blockGenerationOn,
    ethClassHash: token,
    strkClassHash: token,
    maximumContractClassSize: options.maximumContractClassSize,
    maximumContractBytecodeSize: options.maximumContractBytecodeSize,
    maximumSierraLength: options.maximumSierraLength,
    host: options.host,
    port: options.port,
    timeout: options.timeout,
    restrictedMethods: options.restrictiveMode,
  };
}

export function statusOf({ sequencer, impersonated, autoImpersonate }: DevnetCore): DevnetStatus {
  const open = sequencer.openBlock().transactions.length;
  return {
    blockCount: sequencer.chain.latest().number + 1,
    transactionCount: sequencer.chain.transactionCount + open,
    preConfirmedTransactionCount: open,
    version: packageVersion(),
    impersonatedAccounts: [...impersonated],
    autoImpersonate,
  };
}
