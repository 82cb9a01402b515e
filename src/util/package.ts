/** The package's own files, found from the sources and from what is published alike. */
import { existsSync, readFileSync } from "node:fs";

/** URL of `path` in the package's folder: this module is in src/util/ or in dist/src/util/. Throws Error. */
export function packageFile(path: string): URL {
  for (let folder = new URL("../", import.meta.url); ; folder = new URL("../", folder)) {
    const url = new URL(path, folder);
    if (existsSync(url)) return url;
    if (folder.pathname === "/")
      throw new Error(`hardhat-starknet lacks its file ${path}: install it again`);
  }
}

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
