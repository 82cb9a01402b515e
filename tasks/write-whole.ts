import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { failed } from "./support.ts";

/** Throws HardhatPluginError where no file can be put: to be said before the work, not after it. */
export function checkFolder(option: string, path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw failed(`${option}: there is no folder ${folder}`);
}

/** Writes all of a file or none of it. Throws HardhatPluginError, naming the option that the path comes from. */
export function writeWhole(option: string, path: string, content: Uint8Array | string): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw failed(`${option}: ${(error as Error).message}`);
  }
}
