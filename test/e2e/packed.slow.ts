/** What a user gets: the packed package, installed into an empty project of its own. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { RpcProvider } from "starknet";
import { spawnDevnet } from "../support/spawn-devnet.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NPM_MS = 300_000;

/** npm under the Node that runs the tests, so that it takes native packages for that Node. */
const npm = (args: readonly string[], cwd: string): string =>
  execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    timeout: NPM_MS,
    stdio: ["ignore", "pipe", "inherit"],
  });

describe("the packed package in an empty project", function () {
  this.timeout(2 * NPM_MS);
  let project: string;

  before(() => {
    project = mkdtempSync(join(tmpdir(), "hardhat-starknet-"));
    cpSync(join(ROOT, "test/fixture-projects/empty"), project, { recursive: true });
    const [packed] = JSON.parse(
      npm(["pack", "--json", "--pack-destination", project], ROOT).replace(/^[^[]*/, ""),
    ) as { filename: string }[];
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    npm(
      [
        "install",
        "--prefer-offline",
        join(project, packed!.filename),
        `hardhat@${devDependencies["hardhat"]}`,
        `node@${devDependencies["node"]}`,
      ],
      project,
    );
    // npm on an old Node leaves out EDR's native package; scripts/ensure-native.mjs says why.
    execFileSync(
      join(project, "node_modules/.bin/node"),
      [join(ROOT, "scripts/ensure-native.mjs")],
      {
        cwd: project,
        env: {
          ...process.env,
          npm_execpath: npm(["root", "-g"], project).trim() + "/npm/bin/npm-cli.js",
        },
      },
    );
  });

  after(() => rmSync(project, { recursive: true, force: true }));

  it("starts a devnet by its config and serves a client", async () => {
    const devnet = await spawnDevnet([], project);
    try {
      expect(devnet.accounts).to.have.length(2);
      const provider = new RpcProvider({ nodeUrl: devnet.l2Url });
      expect(await provider.getNonceForAddress(devnet.accounts[0]!.address)).to.equal("0x0");
    } finally {
      expect(await devnet.stop()).to.equal(0);
    }
  });

  it("has contracts and artifacts where its exports say", () => {
    const { resolve } = createRequire(join(project, "index.js"));
    const read = (path: string): string =>
      readFileSync(resolve(`hardhat-starknet/contracts/${path}`), "utf8");
    expect(read("examples/TokenBridge.sol")).to.include("contract TokenBridge");
    expect(read("interfaces/IStarknetMessaging.sol")).to.include("interface IStarknetMessaging");
    expect(JSON.parse(read("cairo/artifacts/bridge.sierra.json"))).to.have.property("abi");
    expect(JSON.parse(read("cairo/artifacts/bridge.casm.json"))).to.have.property("bytecode");
  });
});
