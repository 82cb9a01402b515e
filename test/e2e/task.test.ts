/** The task's own manners: options, errors, both spellings. */
import { createServer, type Server } from "node:net";
import { expect } from "chai";
import { failingDevnet, rpc, spawnDevnet } from "../support/spawn-devnet.ts";

describe("npx hardhat starknet:devnet", function () {
  this.timeout(120_000);

  it("serves both layers, prints accounts of the seed, and ends both on an interrupt", async () => {
    const devnet = await spawnDevnet(["--seed", "0", "--accounts", "1", "--chain-id", "MY_CHAIN"]);
    expect(await rpc(devnet.l1Url, "eth_chainId")).to.equal("0x7a69");
    expect(await rpc(devnet.l2Url, "starknet_chainId")).to.equal(
      `0x${Buffer.from("MY_CHAIN").toString("hex")}`,
    );
    expect(BigInt(devnet.accounts[0]!.privateKey)).to.equal(0x71d7bb07b9a64f6f78ac4c816aff4da9n);
    expect(await devnet.stop()).to.equal(0);
    await fetch(devnet.l2Url).then(
      () => expect.fail("L2 still answers"),
      () => undefined,
    );
    await fetch(devnet.l1Url).then(
      () => expect.fail("L1 still answers"),
      () => undefined,
    );
  });

  it("refuses a bad option with exit code 1 and says what it expects", async () => {
    const { code, output } = await failingDevnet(["--block-generation-on", "sometimes"]);
    expect(code).to.equal(1);
    expect(output).to.match(
      /--block-generation-on: expected "transaction", "demand", or a number of seconds/,
    );
  });

  describe("with a port in use", () => {
    let blocker: Server;
    let port: number;

    before(async () => {
      blocker = createServer();
      await new Promise<void>((up) => blocker.listen(0, "127.0.0.1", up));
      port = (blocker.address() as { port: number }).port;
    });
    after(() => blocker.close());

    for (const [layer, option] of [
      ["L1", "--eth-port"],
      ["L2", "--port"],
    ] as const) {
      it(`says so for ${layer}, with exit code 1`, async () => {
        const { code, output } = await failingDevnet([option, String(port)]);
        expect(code).to.equal(1);
        expect(output)
          .to.include(`${layer} cannot listen at 127.0.0.1:${port}: the port is in use`)
          .and.to.include(option);
      });
    }
  });
});
