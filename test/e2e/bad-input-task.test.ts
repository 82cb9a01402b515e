/** The task with options, files and ends that go wrong: a clear error, exit code 1, nothing half done. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { startDevnet } from "../../src/devnet/devnet.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { claimStore } from "../../src/node/record.ts";
import { openStore } from "../../src/state/store/open.ts";
import { TestDevnet } from "../support/devnet.ts";
import { failingDevnet, spawnDevnet } from "../support/spawn-devnet.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const post = (url: string, method: string, params: unknown): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
const MINT = { address: "0x1234", amount: 5, unit: "FRI" };

describe("starknet:devnet with bad input", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bad-input-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Why a devnet with these options does not start. */
  const refusal = async (given: Record<string, unknown>): Promise<string> => {
    const { options, problems } = readOptions({ port: 0, accounts: 1, ...given });
    if (problems.length > 0) return problems.map(({ message }) => message).join();
    return startDevnet(options, silentLog).then(
      async (devnet) => {
        await devnet.close();
        return "it started";
      },
      (error: Error) => error.message,
    );
  };

  it("refuses data folders that are none, and leaves them as they are", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    expect(await refusal({ data: file })).to.match(/data folder .*file cannot be used: EEXIST/);
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "notes.txt"), "mine");
    expect(await refusal({ data: other })).to.match(/is no data folder of hardhat-starknet/);
    expect(readdirSync(other)).to.deep.equal(["notes.txt"]);
    expect(readFileSync(file, "utf8")).to.equal("mine");
  });

  it("refuses the data folder of a node", async () => {
    const data = join(folder, "node");
    const store = await openStore(data);
    claimStore(store, { mode: "l2", chainId: 1n, onTrust: false });
    store.close();
    expect(await refusal({ data })).to.match(/holds the chain of a node/);
  });

  it("refuses methods to forbid that there are not, and knows those that it forbids by default", async () => {
    const unknown = await refusal({ restrictiveMode: "devnet_mint,devnet_mnit" });
    expect(unknown).to.equal("restrictiveMode: there is no method devnet_mnit");
    expect(await refusal({ restrictiveMode: "default" })).to.equal("it started");
  });

  it("refuses data that are cut off or overwritten", async () => {
    const data = join(folder, "chain");
    const file = join(data, "chain/data.mdb");
    const devnet = await TestDevnet.start({ data });
    await devnet.send(0x1234n, 1n);
    await devnet.close();
    const whole = readFileSync(file);
    // In the heads, before the roots, and among pages that may be read later, or never.
    for (const size of [100, 4000, 4100, 8192, 20_000, 200_000, 400_000, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, size));
      const outcome = await refusal({ data });
      expect(outcome, String(size)).to.match(
        size < 20_000 ? /cut off/ : /cut off|MDB_CORRUPTED|it started/,
      );
    }
    writeFileSync(file, Buffer.alloc(whole.length, 0xa5));
    expect(await refusal({ data })).to.match(/cannot be read: it is no LMDB file/);
    writeFileSync(file, whole);
    expect(await refusal({ data })).to.equal("it started");
  });

  it("refuses dumps that are none or that fail, and keeps their files", async () => {
    for (const [text, problem] of [
      ["{ not json", /no JSON/],
      ['{"a":1}', /must be an array/],
      ['[{"method":"devnet_createBlock"},{"method":"devnet_mint"}]', /entry 1 .*devnet_mint/],
      ['[{"method":"devnet_load","params":{"path":"x"}}]', /cannot load another/],
    ] as const) {
      const dumpPath = join(folder, "dump.json");
      writeFileSync(dumpPath, text);
      for (const dumpOn of ["exit", "block", "request"]) {
        expect(await refusal({ dumpOn, dumpPath })).to.match(problem);
        expect(readFileSync(dumpPath, "utf8")).to.equal(text);
      }
    }
    expect(await refusal({ dumpOn: "exit", dumpPath: join(folder, "absent/x") })).to.match(
      /dumpPath: the folder .*absent cannot be written/,
    );
  });

  it("goes back to genesis when a dump that is loaded fails", async () => {
    const devnet = await TestDevnet.start();
    await devnet.send(0x1234n, 1n);
    const events = [
      { jsonrpc: "2.0", id: 1, method: "devnet_mint", params: MINT },
      { jsonrpc: "2.0", id: 2, method: "starknet_addInvokeTransaction", params: [{}] },
    ];
    const { code, message } = await devnet.failure("devnet_load", { events });
    expect(code).to.equal(-5);
    expect(message).to.match(/^entry 1 of the dump, starknet_addInvokeTransaction, failed/);
    expect(await devnet.blockNumber()).to.equal(0);
    await devnet.send(0x1234n, 2n);
    expect(await devnet.balance(0x1234n)).to.equal(2n);
    await devnet.close();
  });

  it("names an unknown option, with exit code 1", async () => {
    const { code, output } = await failingDevnet(["--colour", "red"]);
    expect(code).to.equal(1);
    expect(output).to.match(/Invalid option "--colour"/);
  });

  it("ends on SIGTERM as on an interrupt, and writes the dump", async () => {
    const dumpPath = join(folder, "dump.json");
    const devnet = await spawnDevnet(["--dump-on", "exit", "--dump-path", dumpPath]);
    await post(devnet.l2Url, "devnet_mint", MINT);
    expect(await devnet.stop("SIGTERM")).to.equal(0);
    expect(JSON.parse(readFileSync(dumpPath, "utf8"))).to.have.length(1);
  });

  it("ends in order when nobody reads its output any more", async () => {
    const dumpPath = join(folder, "dump.json");
    const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
    const options = [
      "--port",
      "0",
      "--eth-port",
      "0",
      "--dump-on",
      "exit",
      "--dump-path",
      dumpPath,
    ];
    const child = spawn(process.execPath, [hardhat, "starknet:devnet", ...options], { cwd: ROOT });
    const exited = new Promise<number | null>((end) => child.once("exit", end));
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const url = await new Promise<string>((found) => {
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const match = /L2 +JSON-RPC +(\S+)/.exec(text);
        if (match !== null && text.includes("Ctrl-C")) found(match[1]!);
      });
    });
    child.stdout.destroy();
    await post(url, "devnet_mint", MINT).catch(() => undefined);
    expect(await exited).to.equal(1);
    expect(errors).to.include("the output is closed").and.not.include("Uncaught");
    expect(JSON.parse(readFileSync(dumpPath, "utf8"))).to.have.length(1);
  });
});
