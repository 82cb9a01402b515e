/** A chain's feeder gateway on a port of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { DevnetCore } from "../../src/devnet/core.ts";
import { Feeder } from "../../src/rpc/feeder/feeder.ts";
import { Followers } from "../../src/rpc/feeder/followers.ts";
import { ReadShare } from "../../src/rpc/read-share.ts";
import { handleHttp } from "../../src/rpc/server/http.ts";

export interface TestFeeder {
  readonly url: string;
  /** The JSON of an endpoint, `get_block?blockNumber=1`, and its status. */
  get(path: string): Promise<{ status: number; body: unknown }>;
  /** Nodes that have asked. */
  followers: Followers;
  close(): void;
}

/** Takes no transactions. */
export async function startFeeder({ sequencer, signer }: DevnetCore): Promise<TestFeeder> {
  const followers = new Followers();
  const feeder = new Feeder(
    {
      chain: sequencer.chain,
      gateway: sequencer,
      signer,
      l1Contracts: () => undefined,
    },
    () => Promise.reject(new Error("not here")),
    { error: (message, cause) => console.error(message, cause) },
    followers,
  );
  const server = createServer((request, response) =>
    handleHttp(request, response, {
      maxBody: 1 << 20,
      timeout: 10_000,
      feeder,
      reads: new ReadShare(),
      answer: () => Promise.resolve(undefined),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    followers,
    async get(path) {
      const response = await fetch(`${url}/feeder_gateway/${path}`);
      return { status: response.status, body: await response.json() };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
