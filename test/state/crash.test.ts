/** A process that writes blocks is killed at any moment: the next one finds whole blocks and nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ChainState } from "../../src/state/chain-state.ts";
import { openLmdbStore } from "../../src/state/store/lmdb-store.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { bodyKey, diffOf } from "./support/endless-chain.ts";

const WRITER = fileURLToPath(new URL("./support/endless-chain.ts", import.meta.url));

describe("a killed process", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "crash-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Has blocks written until `milliseconds` after the first; answers the last one that was told of. */
  async function writeAndKill(milliseconds: number): Promise<number> {
    const child = spawn(process.execPath, [...process.execArgv, WRITER, folder], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const ended = once(child, "close");
    await Promise.race([once(child.stdout, "data"), ended]);
    await new Promise((resume) => setTimeout(resume, milliseconds));
    child.kill("SIGKILL");
    await ended;
    expect(errors).to.not.match(/Error/);
    return Number(output.trimEnd().split("\n").at(-1));
  }

  it("leaves whole blocks, which the next process goes on with", async () => {
    const model = new MemoryStore();
    const modelState = new ChainState(model);
    for (const milliseconds of [0, 41, 97]) {
      const told = await writeAndKill(milliseconds);
      const store = await openLmdbStore(folder);
      const state = new ChainState(store);
      const latest = state.latestNumber()!;
      expect(latest).to.be.at.least(told);
      expect(store.get(bodyKey(latest))?.length).to.equal(2000);
      expect(store.get(bodyKey(latest + 1))).to.equal(undefined);
      expect(state.diff(latest + 1)).to.equal(undefined);
      for (let number = (modelState.latestNumber() ?? -1) + 1; number <= latest; number++) {
        model.batch(modelState.prepare(number, diffOf(number)).operations);
        expect(state.roots(number)).to.deep.equal(modelState.roots(number));
      }
      for (const key of [0n, 60n, 149n]) {
        expect(state.latest().storageAt(7n, key)).to.equal(modelState.latest().storageAt(7n, key));
      }
      // Reads every node on the way from the roots.
      const request = {
        classHashes: [],
        contractAddresses: [7n],
        storageKeys: [{ contractAddress: 7n, keys: [...diffOf(latest).storage.get(7n)!.keys()] }],
      };
      expect(state.storageProof(latest, request)).to.deep.equal(
        modelState.storageProof(latest, request),
      );
      store.close();
    }
  });
});
