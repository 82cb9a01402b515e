/** The `starknet` section of a Hardhat config. */
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { configVariable, type HardhatUserConfig } from "hardhat/config";
import starknet from "../../src/index.ts";
import { configuredOptions } from "../../src/plugin/config.ts";

const environment = (section: unknown) =>
  createHardhatRuntimeEnvironment({ plugins: [starknet], starknet: section } as HardhatUserConfig);

describe("starknet section of the Hardhat config", () => {
  it("is empty where it is left out, and kept as it was written", async () => {
    expect((await environment(undefined)).config.starknet).to.deep.equal({});
    expect((await environment({ seed: 7 })).config.starknet).to.deep.equal({ seed: 7 });
  });

  it("is refused with the path of each value that is wrong", async () => {
    const refused = await environment({ port: 70_000, colour: "red" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refused).to.include("config.starknet.port: expected a TCP port (0 to 65535), got 70000");
    expect(refused).to.include("config.starknet.colour: unknown option");
  });

  it("takes keys and URLs from configuration variables, and nothing else", async () => {
    process.env["TEST_OPERATOR_KEY"] = `0x${"11".repeat(32)}`;
    process.env["TEST_L1_URL"] = "https://l1.example/key";
    const { config } = await environment({
      ethUrl: configVariable("TEST_L1_URL"),
      ethKey: configVariable("TEST_OPERATOR_KEY"),
      core: `0x${"aa".repeat(20)}`,
    });
    expect(await configuredOptions(config.starknet)).to.include({
      ethUrl: "https://l1.example/key",
      ethKey: `0x${"11".repeat(32)}`,
    });
    const refused = await environment({ seed: configVariable("SEED") }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refused).to.include(
      "seed: only ethUrl, ethKey, proverQueue may be configuration variables",
    );
  });

  it("does not repeat a key that is wrong", async () => {
    const refused = await environment({ ethKey: "0xsecret" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refused).to.include("config.starknet.ethKey: expected a private key");
    expect(refused).to.not.include("secret");
  });

  it("must be an object", async () => {
    const refused = await environment(5050).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refused).to.include(
      "config.starknet: expected an object with options of starknet:devnet",
    );
  });

  it("gives tasks in both spellings", async () => {
    const { tasks } = await environment({});
    expect(tasks.getTask("starknet:devnet").description).to.equal(
      tasks.getTask(["starknet", "devnet"]).description,
    );
  });
});
