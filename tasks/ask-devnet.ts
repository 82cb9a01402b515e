/** Questions to a devnet that runs elsewhere. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { httpTransport, L1RequestError } from "../src/l1/transport.ts";
import { configuredOptions } from "../src/plugin/config.ts";
import { failed } from "./support.ts";

/** The URL that `--url` names, or that of the configured port of this machine. */
export async function devnetUrl(
  hre: HardhatRuntimeEnvironment,
  url: string | undefined,
): Promise<string> {
  const { port = 5050 } = await configuredOptions(hre.config.starknet);
  if (url === undefined) return `http://127.0.0.1:${String(port)}/rpc`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw failed(`--url: expected a URL that begins with http:// or https://, got "${url}"`);
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
    if (error instanceof L1RequestError && !IS_NO_DEVNET.has(error.code)) throw failed(message);
    throw failed(
      `${message.replace(/^L1 at/, "the devnet at")}: is a devnet running there? Start one by starknet:devnet, or name another by --url`,
    );
  }
}

/** A method that is not there, by JSON-RPC 2.0 and by EIP-1474: it is another kind of node, perhaps the devnet's L1. */
const IS_NO_DEVNET = new Set<number | undefined>([-32601, -32004]);
