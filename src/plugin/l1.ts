/** The L1 of a devnet: a Hardhat network served over HTTP and WebSocket by this process. */
import { createServer } from "node:net";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";
import { PortInUseError } from "../util/port-in-use.ts";

export interface L1 {
  readonly url: string;
  readonly chainId: number;
  /** In-process connection to the very chain that is served at `url`. */
  readonly connection: NetworkConnection;
  /** First of the accounts that the network funds. */
  readonly accounts: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts Hardhat's `node` network on `host:port` (0: a free port). Throws PortInUseError.
 */
export async function startL1(
  hre: HardhatRuntimeEnvironment,
  host: string,
  port: number,
): Promise<L1> {
  // Hardhat's server has no listener for "error" events: a port in use would end the process.
  await probePort(host, port);
  const { server, connection } = await createServerWithConnection(hre, host, port);
  const { address, port: actualPort } = await server.listen();
  const request = (method: string): Promise<unknown> => connection.provider.request({ method });
  return {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${actualPort}`,
    chainId: Number(await request("eth_chainId")),
    accounts: (await request("eth_accounts")) as string[],
    connection,
    close: async () => {
      await server.close();
      await connection.close();
    },
  };
}

/** `createServer` opens a connection of its own and keeps it; a hook that lives as long as the call hands it out. */
async function createServerWithConnection(
  hre: HardhatRuntimeEnvironment,
  host: string,
  port: number,
): Promise<{
  server: Awaited<ReturnType<HardhatRuntimeEnvironment["network"]["createServer"]>>;
  connection: NetworkConnection;
}> {
  let connection: NetworkConnection | undefined;
  const capture: Partial<NetworkHooks> = {
    async newConnection(context, next) {
      const created = await next(context);
      connection = created as NetworkConnection;
      return created;
    },
  };
  hre.hooks.registerHandlers("network", capture);
  try {
    const server = await hre.network.createServer(
      { network: hre.globalOptions.network ?? "node" },
      host,
      port,
    );
    if (connection === undefined)
      throw new Error("Hardhat made a server without a network connection");
    return { server, connection };
  } finally {
    hre.hooks.unregisterHandlers("network", capture);
  }
}

function probePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE" ? new PortInUseError("L1", host, port, "--eth-port") : cause,
      );
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
