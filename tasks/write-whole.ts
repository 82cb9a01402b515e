import { renameSync, rmSync, writeFileSync } from "node:fs";
import { failed } from "./support.ts";

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
