/** The L1 of a devnet: a Hardhat network served over HTTP and WebSocket by this process. */
import { createServer } from "node:net";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";
import type { L1Access } from "../devnet/l1.ts";
import { httpTransport, inProcessTransport } from "../l1/transport.ts";
import { ListenError } from "../util/listen-error.ts";
import { intercept } from "./interceptors.ts";

/** How often L1 is looked at. */
const IN_PROCESS_POLL_MS = 100;
const REMOTE_POLL_MS = 1_000;

export interface L1 {
  readonly access: L1Access;
  /** Accounts that the network funds. */
  readonly accounts: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts Hardhat's `node` network on `host:port` (0: a free port). Throws ListenError.
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
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${actualPort}`;
  return {
    access: connectionAccess(connection, url),
    accounts: (await request("eth_accounts")) as string[],
    close: async () => {
      await server.close();
      await connection.close();
    },
  };
}

/** The chain of a connection of this process, as an L1. */
export const connectionAccess = (connection: NetworkConnection, url: string): L1Access => ({
  transport: inProcessTransport(connection.provider),
  url,
  pollMs: IN_PROCESS_POLL_MS,
  intercept: (interceptor) => intercept(connection, interceptor),
});

/** An L1 that runs already. */
export const remoteAccess = (url: string): L1Access => ({
  transport: httpTransport(url),
  url,
  pollMs: REMOTE_POLL_MS,
});

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
      reject(new ListenError("L1", host, port, "--eth-port", cause));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
