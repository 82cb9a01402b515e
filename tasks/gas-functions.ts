/** `starknet:gas` without blocks: what each function costs, measured on a chain of its own. */
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { UnknownChargesError } from "../src/l1/gas/bill.ts";
import { measureCoreContract } from "../src/l1/gas/measurements.ts";
import { gasReport, gasTable } from "../src/l1/gas/report.ts";
import { inProcessTransport } from "../src/l1/transport.ts";

export async function printFunctions(
  json: boolean,
  hre: HardhatRuntimeEnvironment,
): Promise<ReturnType<typeof gasReport>> {
  const network = hre.globalOptions.network ?? "node";
  const { type } = hre.config.networks[network] ?? {};
  if (type === "http")
    throw new HardhatPluginError(
      "hardhat-starknet",
      `the network "${network}" is no chain of this process: gas is measured on one that Hardhat simulates`,
    );
  const connection = await hre.network.create({
    network,
    override: { mining: { auto: true, interval: 0 } },
  });
  try {
    const functions = await measureCoreContract(inProcessTransport(connection.provider));
    const { hardfork } = connection.networkConfig as { hardfork: string };
    const report = gasReport(functions, hardfork);
    console.log(json ? JSON.stringify(report, null, 2) : gasTable(functions, hardfork));
    return report;
  } catch (error) {
    if (!(error instanceof UnknownChargesError)) throw error;
    throw new HardhatPluginError("hardhat-starknet", error.message, error);
  } finally {
    await connection.close();
  }
}
