/** The `starknet` section of a Hardhat config. */
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/config";
import starknet from "../../src/index.ts";

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
