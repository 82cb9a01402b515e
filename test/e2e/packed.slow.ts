/** What a user gets: the packed package, installed into a project of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { RpcProvider } from "starknet";
import { spawnDevnet } from "../support/spawn-devnet.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NPM_MS = 600_000;

/** npm under the Node that runs the tests, so that it takes native packages for that Node. */
const npm = (args: readonly string[], cwd: string): string =>
  execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    timeout: NPM_MS,
    stdio: ["ignore", "pipe", "inherit"],
  });

/** The code blocks of the README that begin with a comment that names their file. */
function tutorialFiles(): Map<string, string> {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const blocks = readme.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, file, code]) => [file!, code!]));
}

describe("the packed package", function () {
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
    const pinned = [
      "hardhat",
      "@nomicfoundation/hardhat-ethers",
      "@nomicfoundation/hardhat-toolbox-mocha-ethers",
      "node",
      "solc",
    ].map((name) => `${name}@${devDependencies[name]}`);
    npm(["install", "--prefer-offline", join(project, packed!.filename), ...pinned], project);
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

  /** Runs `npx hardhat` in the project, with the Node that is installed there. */
  const hardhat = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      join(project, "node_modules/.bin/node"),
      ["node_modules/hardhat/dist/src/cli.js", ...args],
      { cwd: project, encoding: "utf8", timeout: NPM_MS },
    );
    return { status, output: stdout + stderr };
  };

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

  it("does what the README's tutorial shows, and refuses what a bridge has to refuse", () => {
    const files = tutorialFiles();
    expect([...files.keys()]).to.have.members(["hardhat.config.ts", "test/bridge.ts"]);
    const config = files.get("hardhat.config.ts")!;
    // The compiler that npm installed: the tutorial's user has a line to the compilers' list.
    const offline = config.replace(
      /version: "[^"]+",/,
      'version: "0.8.37", path: (await import("node:module")).createRequire(import.meta.url).resolve("solc/soljson.js"),',
    );
    expect(offline).to.not.equal(config);
    files.set("hardhat.config.ts", offline);
    for (const [file, code] of files) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), code);
    }
    cpSync(join(ROOT, "test/fixture-projects/bridge"), project, { recursive: true });
    const { status, output } = hardhat("test");
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b7 passing/);
  });

  it("settles with proofs where nobody says otherwise", () => {
    cpSync(join(ROOT, "test/fixture-projects/proven"), project, { recursive: true });
    const { status, output } = hardhat("--config", "proven.config.ts", "test", "proven/bridge.ts");
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b1 passing/);
  });
});
