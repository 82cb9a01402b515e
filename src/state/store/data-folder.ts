/** Whose a data folder is: a record of program and format, and a lock while a process has it open. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./store-error.ts";

const PROGRAM = "hardhat-starknet";

/** Rises with every change to what rows of any table mean; folders of other formats are refused. */
export const STORE_FORMAT = 2;

const RECORD_FILE = "hardhat-starknet.json";
const LOCK_FILE = "hardhat-starknet.lock";

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Makes `folder` a data folder if it is new or empty. Throws StoreError where it is something else. */
function requireOurs(folder: string): void {
  const text = read(join(folder, RECORD_FILE));
  if (text === undefined) {
    const files = readdirSync(folder).filter((name) => name !== LOCK_FILE);
    if (files.length > 0) {
      throw new StoreError(
        "FOREIGN",
        `${folder} is no data folder of ${PROGRAM}: it has no ${RECORD_FILE}, but it has ${files[0]}. Choose an empty folder.`,
      );
    }
    writeFileSync(
      join(folder, RECORD_FILE),
      `${JSON.stringify({ program: PROGRAM, format: STORE_FORMAT })}\n`,
    );
    return;
  }
  const { program, format } = parse(text);
  if (program !== PROGRAM) {
    throw new StoreError(
      "FOREIGN",
      `${folder} is no data folder of ${PROGRAM}: its ${RECORD_FILE} names the program ${JSON.stringify(program)}. Choose an empty folder.`,
    );
  }
  if (format !== STORE_FORMAT) {
    throw new StoreError(
      "FORMAT",
      `${folder} has format ${JSON.stringify(format)}, and this version of ${PROGRAM} reads format ${STORE_FORMAT}. Use the version that wrote it, or an empty folder.`,
    );
  }
}

/** Who holds a lock: the start time tells a process from a later one that has the same number. */
interface Holder {
  readonly pid?: unknown;
  readonly started?: unknown;
}

const me = (): Holder => ({ pid: process.pid, started: Math.floor(performance.timeOrigin) });

function isAlive({ pid, started }: Holder): boolean {
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return started === me().started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function lock(folder: string): void {
  const path = join(folder, LOCK_FILE);
  const content = JSON.stringify(me());
  const create = (): boolean => {
    try {
      writeFileSync(path, content, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  };
  if (create()) return;
  const holder: Holder = parse(read(path) ?? "");
  if (!isAlive(holder)) {
    // Left by a process that was killed.
    rmSync(path, { force: true });
    if (create()) return;
  }
  throw new StoreError(
    "LOCKED",
    `${folder} is in use by process ${String(holder.pid)}. End that process, or choose another folder.`,
  );
}

/**
 * Takes `folder` for this process; it is made if it is not there. The answer gives it back. Throws
 * StoreError where it holds other data or another process has it.
 */
export function openDataFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
    requireOurs(folder);
    lock(folder);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError("UNUSABLE", `the data folder ${folder} cannot be used: ${reason}`, {
      cause: error,
    });
  }
  return () => rmSync(join(folder, LOCK_FILE), { force: true });
}
