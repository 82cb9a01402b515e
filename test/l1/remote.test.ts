/** An L1 that is reached over HTTP, with a key of the user's. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Wallet } from "ethers";
import hre from "hardhat";
import type { JsonRpcServer } from "hardhat/types/network";
import { httpTransport } from "../../src/l1/transport.ts";
import { remoteAccess } from "../../src/plugin/l1.ts";
import { Layers, failureOf } from "../support/layers.ts";

/** Hardhat's first account: it has ether on every Hardhat network. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("a remote L1", function () {
  this.timeout(120_000);
  let server: JsonRpcServer;
  let url: string;

  before(async () => {
    server = await hre.network.createServer({ network: "default" }, "127.0.0.1", 0);
    const { port } = await server.listen();
    url = `http://127.0.0.1:${port}`;
  });
  after(() => server.close());

  it("settles with the user's key, and can be attached to again", async () => {
    const start = (devnet: Record<string, unknown>): Promise<Layers> =>
      Layers.start({
        devnet: { ethUrl: url, ethKey: KEY, ...devnet },
        access: () => remoteAccess(url),
      });
    const layers = await start({ startTime: 1_800_000_000 });
    await layers.l2.send(0x1234n, 1n);
    expect(layers.layer.operator.address).to.equal(new Wallet(KEY).address);
    await layers.layer.settle();
    expect((await layers.layer.core.state()).blockNumber).to.equal(1);
    const { core } = layers.layer.deployment;
    await layers.close();

    // Another L2 of the same genesis is behind; one of another is none of this core contract's.
    const behind = await failureOf(start({ core, startTime: 1_800_000_000 }));
    expect(behind).to.match(/is at block 1 with hash .* not in this L2/);
    const other = await failureOf(start({ core, chainId: "SN_OTHER" }));
    expect(other).to.match(/cannot be this L2's: its config hash is/);
    const nothing = await failureOf(start({ core: "0x00000000000000000000000000000000000000aa" }));
    expect(nothing).to.match(/there is no contract at that address/);
    const stranger = await failureOf(
      start({ core, startTime: 1_800_000_000, ethKey: `0x${"11".repeat(32)}` }),
    );
    expect(stranger).to.match(/is no operator of it/);
  });

  it("that is not there, or is no Ethereum, is an error before anything starts", async () => {
    const notThere = await failureOf(
      Layers.start({ access: () => remoteAccess("http://127.0.0.1:1/secret-key") }),
    );
    expect(notThere).to.match(/L1 at http:\/\/127.0.0.1:1 cannot be reached/);
    expect(notThere).to.not.include("secret-key");

    const page: Server = createServer((_, response) => response.end("<html>"));
    await new Promise<void>((up) => page.listen(0, "127.0.0.1", up));
    const { port } = page.address() as AddressInfo;
    expect(
      await failureOf(httpTransport(`http://127.0.0.1:${port}`).request({ method: "eth_chainId" })),
    ).to.match(/answered with status 200 and no JSON-RPC/);
    page.close();
  });

  it("that is no development chain needs a key", async () => {
    const real = remoteAccess(url);
    const message = await failureOf(
      Layers.start({
        access: () => ({
          ...real,
          transport: {
            request: (request) =>
              request.method.startsWith("hardhat_")
                ? real.transport.request({ ...request, method: "unknown_method" })
                : real.transport.request(request),
          },
        }),
      }),
    );
    expect(message).to.include("set starknet.ethKey in the Hardhat config");
  });
});
