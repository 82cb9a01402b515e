/** `starknet:devnet` and `starknet:status` with messages between the layers, as a user sees them over HTTP. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Contract as L1Contract } from "ethers";
import { ContractFactory, JsonRpcProvider } from "ethers";
import hre from "hardhat";
import { Account, Contract, RpcProvider } from "starknet";
import { packageFile } from "../../src/util/package.ts";
import { rpc, spawnDevnet, type SpawnedDevnet } from "../support/spawn-devnet.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const json = (file: string) =>
  JSON.parse(readFileSync(packageFile(`contracts/cairo/artifacts/${file}`), "utf8"));

/** Runs a task in a process of its own; what it prints. */
function task(...args: string[]): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/hardhat/dist/src/cli.js"), ...args],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined } },
  );
  return stdout + stderr;
}

describe("messages over a devnet of its own process", function () {
  this.timeout(180_000);
  let devnet: SpawnedDevnet;

  before(async () => {
    await hre.tasks.getTask("build").run({ quiet: true });
    devnet = await spawnDevnet(["--seed", "0", "--accounts", "1", "--settlement", "unproven"]);
  });
  after(() => devnet.stop());

  const printed = async (pattern: RegExp): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (pattern.test(devnet.output())) return;
      await sleep(50);
    }
    expect(devnet.output()).to.match(pattern);
  };

  it("are shown as they travel, and by starknet:status while they do", async () => {
    expect(devnet.output()).to.match(/Settlement +UNPROVEN/);
    const l1 = new JsonRpcProvider(devnet.l1Url, undefined, { cacheTimeout: -1, polling: true });
    l1.pollingInterval = 50;
    const [signer] = await l1.listAccounts();
    const provider = new RpcProvider({ nodeUrl: devnet.l2Url });
    const config = (await rpc(devnet.l2Url, "devnet_getConfig")) as {
      l1: Record<string, unknown>;
    };
    expect(config.l1).to.include({ rpc_url: devnet.l1Url, settlement: "unproven" });
    const core = String(config.l1["core_contract_address"]);
    const { origin } = new URL(devnet.l2Url);
    const addresses = await fetch(`${origin}/feeder_gateway/get_contract_addresses`);
    expect(await addresses.json()).to.include({
      Starknet: core,
      GpsStatementVerifier: config.l1["fact_registry_address"],
    });
    expect(devnet.output())
      .to.include(core)
      .and.include(String(config.l1["fact_registry_address"]));

    const { abi, bytecode } = await hre.artifacts.readArtifact("TokenBridge");
    const bridge = (await new ContractFactory(abi, bytecode, signer).deploy(core)) as L1Contract;
    await bridge.waitForDeployment();
    const { address, privateKey } = devnet.accounts[0]!;
    const account = new Account({ provider, address, signer: privateKey });
    const { deploy } = await account.declareAndDeploy({
      contract: json("bridge.sierra.json"),
      casm: json("bridge.casm.json"),
      constructorCalldata: [await bridge.getAddress()],
    });
    await (await bridge.getFunction("setL2Bridge")(deploy.contract_address)).wait();
    const token = new Contract({
      abi: json("bridge.sierra.json").abi,
      address: deploy.contract_address,
      providerOrAccount: account,
    });

    const deposit = bridge.getFunction("deposit");
    await (await deposit(address, 5n, { value: 10n ** 15n + 5n })).wait();
    await printed(/^L1>L2 {2}message 0 from 0x\S+ to 0x\S+ {2}fee 0.001 ETH$/m);
    await printed(/^tx .* L1_HANDLER +ok/m);
    await printed(/^L1>L2 {2}message 0 is consumed on L1$/m);
    expect(await token.call("balance_of", [address])).to.equal(5n);

    const recipient = "0x00000000000000000000000000000000000a11ce";
    const { transaction_hash } = await token.invoke("withdraw", [recipient, 5n]);
    await provider.waitForTransaction(transaction_hash);
    await printed(/^L1 +blocks? .*accepted on L1 {2}state root 0x\S+ {2}gas [\d,]+$/m);
    await printed(/^L2>L1 {2}message from 0x\S+ to 0x\S+ may be consumed$/m);
    const before = JSON.parse(task("starknet:status", "--url", devnet.l2Url, "--json"));
    expect(before.messages_to_l1).to.have.length(1);
    expect(before.messages_to_l1[0]).to.include({ stage: "consumable", transaction_hash });
    expect(task("starknet", "status", "--url", devnet.l2Url)).to.match(
      /L2 {2}http.* block (\d+)\n +on L1 up to block \1, 0 blocks to settle[^]*consumable +block \d+/,
    );

    await (await bridge.getFunction("withdraw")(recipient, 5n)).wait();
    await printed(/^L2>L1 {2}message from 0x\S+ is consumed by 0x\S+$/m);
    expect(await l1.getBalance(recipient)).to.equal(5n);
    const after = JSON.parse(task("starknet:status", "--url", devnet.l2Url, "--json"));
    expect(after).to.deep.include({ messages_to_l1: [], messages_to_l2: [], problem: null });
    l1.destroy();
  });

  it("starknet:status says where no devnet is", () => {
    expect(task("starknet:status", "--url", "http://127.0.0.1:1")).to.match(
      /the devnet at http:\/\/127.0.0.1:1 cannot be reached.*is a devnet running there\?/,
    );
  });
});
