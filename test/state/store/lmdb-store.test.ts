import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { STORE_FORMAT } from "../../../src/state/store/data-folder.ts";
import { openLmdbStore } from "../../../src/state/store/lmdb-store.ts";
import { MemoryStore } from "../../../src/state/store/memory-store.ts";
import { StoreError } from "../../../src/state/store/store-error.ts";
import type { KeyValueStore } from "../../../src/state/store/store.ts";
import { bounds, operation } from "./naive-store.ts";

const MODULE = new URL("../../../src/state/store/lmdb-store.ts", import.meta.url).href;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("state/store: LmdbStore", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = async (): Promise<StoreError> => {
    try {
      (await openLmdbStore(folder)).close();
    } catch (error) {
      if (error instanceof StoreError) return error;
      throw error;
    }
    throw new Error("the folder was not refused");
  };

  it("gives what the memory store gives, before and after it is opened again", async () => {
    let store = await openLmdbStore(folder);
    const memory = new MemoryStore();
    const rows = (from: KeyValueStore, range: object): number[][][] =>
      [...from.range(range)].map(([key, value]) => [[...key], [...value]]);
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 30 }),
        fc.array(bounds, { minLength: 1, maxLength: 6 }),
        (batch, ranges) => {
          store.batch(batch);
          memory.batch(batch);
          for (const { key } of batch) {
            const [found, expected] = [store.get(key), memory.get(key)];
            expect(found && [...found]).deep.equals(expected && [...expected]);
          }
          for (const range of ranges) expect(rows(store, range)).deep.equals(rows(memory, range));
        },
      ),
      { numRuns: 60 },
    );
    expect(memory.size).greaterThan(0);
    store.close();
    store = await openLmdbStore(folder);
    expect(rows(store, {})).deep.equals(rows(memory, {}));
    store.close();
  });

  it("keeps values that it gave while others are read and written", async () => {
    const store = await openLmdbStore(folder);
    const put = (key: number, value: number): void =>
      store.batch([{ type: "put", key: bytes(key), value: bytes(value, value) }]);
    put(1, 1);
    put(2, 2);
    const first = store.get(bytes(1))!;
    const [[key, value]] = store.range({ start: bytes(2) }) as unknown as [
      [Uint8Array, Uint8Array],
    ];
    put(1, 3);
    put(2, 4);
    store.get(bytes(2));
    expect([[...first], [...key], [...value]]).deep.equals([[1, 1], [2], [2, 2]]);
    store.close();
  });

  it("writes nothing of a batch that fails half way", async () => {
    const store = await openLmdbStore(folder);
    store.batch([{ type: "put", key: bytes(1), value: bytes(1) }]);
    expect(() =>
      store.batch([
        { type: "put", key: bytes(1), value: bytes(2) },
        { type: "delete", key: bytes(1) },
        { type: "put", key: new Uint8Array(5000), value: bytes(3) },
      ]),
    ).throws();
    expect([...store.range({})].map(([key, value]) => [...key, ...value])).deep.equals([[1, 1]]);
    store.close();
  });

  it("refuses a folder that another process has, and takes it over from one that was killed", async () => {
    const script = `import { openLmdbStore } from ${JSON.stringify(MODULE)};
      const store = await openLmdbStore(${JSON.stringify(folder)});
      store.batch([{ type: "put", key: Uint8Array.of(7), value: Uint8Array.of(8) }]);
      console.log("open"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const error = await refusal();
    expect(error.code).equals("LOCKED");
    expect(error.message).contains(`process ${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await openLmdbStore(folder);
    expect([...store.get(bytes(7))!]).deep.equals([8]);
    expect((await refusal()).code).equals("LOCKED");
    store.close();
  });

  it("does not believe a value that the disk has changed", async () => {
    let store = await openLmdbStore(folder);
    const value = Buffer.from("a value that is easy to find");
    store.batch([{ type: "put", key: bytes(7), value }]);
    store.close();
    const file = join(folder, "chain", "data.mdb");
    const data = readFileSync(file);
    for (let at = data.indexOf(value); at >= 0; at = data.indexOf(value, at + 1)) data[at]! ^= 1;
    writeFileSync(file, data);
    store = await openLmdbStore(folder);
    for (const read of [() => store.get(bytes(7)), () => [...store.range({})]])
      expect(read).throws(StoreError, /damaged: the row 0x07 is not as it was written/);
    store.close();
  });

  it("refuses folders of other formats and of other programs, and leaves them alone", async () => {
    const record = join(folder, "hardhat-starknet.json");
    writeFileSync(record, JSON.stringify({ program: "hardhat-starknet", format: 999 }));
    let error = await refusal();
    expect(error.code).equals("FORMAT");
    expect(error.message).contains("format 999").and.contains(`format ${STORE_FORMAT}`);
    for (const content of [JSON.stringify({ program: "other" }), "{", "null", "3"]) {
      writeFileSync(record, content);
      expect((await refusal()).code).equals("FOREIGN");
    }
    rmSync(record);
    writeFileSync(join(folder, "letter.txt"), "dear");
    error = await refusal();
    expect(error.code).equals("FOREIGN");
    expect(error.message).contains("letter.txt");
    expect(readdirSync(folder)).deep.equals(["letter.txt"]);
  });

  it("says what to do where the package lmdb is missing, and leaves the folder alone", async () => {
    const script = `import { registerHooks } from "node:module";
      registerHooks({
        resolve(name, context, next) {
          if (name === "lmdb") throw Object.assign(new Error("absent"), { code: "ERR_MODULE_NOT_FOUND" });
          return next(name, context);
        },
      });
      const { openLmdbStore } = await import(${JSON.stringify(MODULE)});
      await openLmdbStore(${JSON.stringify(folder)}).catch(({ name, code, message }) =>
        console.log(JSON.stringify({ name, code, message })));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await once(child, "close");
    const error = JSON.parse(output) as { name: string; code: string; message: string };
    expect(error).deep.includes({ name: "StoreError", code: "MISSING_PACKAGE" });
    expect(error.message).contains("npm install lmdb");
    expect(readdirSync(folder)).deep.equals([]);
  });

  it("takes a lock over that is no lock", async () => {
    (await openLmdbStore(folder)).close();
    for (const content of ["", "{", JSON.stringify({ pid: -1 }), JSON.stringify({ pid: "1" })]) {
      writeFileSync(join(folder, "hardhat-starknet.lock"), content);
      (await openLmdbStore(folder)).close();
    }
    // A process of another start that had this one's number.
    const lock = JSON.stringify({ pid: process.pid, started: 1 });
    writeFileSync(join(folder, "hardhat-starknet.lock"), lock);
    (await openLmdbStore(folder)).close();
    expect(readdirSync(folder)).not.includes("hardhat-starknet.lock");
  });

  it("says why a folder cannot be made", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file");
    const error = await refusal();
    expect(error.code).equals("UNUSABLE");
    expect(error.message).contains(folder);
  });
});
