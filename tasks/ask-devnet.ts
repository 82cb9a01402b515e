/** Questions to a devnet that runs elsewhere. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { httpTransport, L1RequestError } from "../src/l1/transport.ts";
import { configuredOptions } from "../src/plugin/config.ts";
import { failed } from "./support.ts";

/** The URL that `--url` names, or that of the configured port of this machine. */
export async function devnetUrl(hre: HardhatRuntimeEnvironment, url: string): Promise<string> {
  const { port = 5050 } = await configuredOptions(hre.config.starknet);
  if (url === "") return `http://127.0.0.1:${String(port)}/rpc`;
  if (!URL.canParse(url)) throw failed(`--url: ${url} is no URL`);
  return url;
}

/** Asks; what it refuses is said in its words. */
export async function askDevnet(
  url: string,
  method: string,
  params: unknown[] = [],
): Promise<unknown> {
  try {
    return await httpTransport(url).request({ method, params });
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof L1RequestError && error.code !== METHOD_NOT_FOUND) throw failed(message);
    throw failed(
      `${message.replace(/^L1 at/, "the devnet at")}: is a devnet running there? Start one by starknet:devnet, or name another by --url`,
    );
  }
}

/** JSON-RPC 2.0 */
const METHOD_NOT_FOUND = -32601;
