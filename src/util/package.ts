/** The package's own files, found from the sources and from what is published alike. */
import { existsSync, readFileSync } from "node:fs";

/** URL of `path`, found upwards of this module, which is in src/util/ or in dist/src/util/. Throws Error. */
export function packageFile(path: string): URL {
  let folder = new URL("../", import.meta.url);
  for (;;) {
    const url = new URL(path, folder);
    if (existsSync(url)) return url;
    const parent = new URL("../", folder);
    if (parent.href === folder.href)
      throw new Error(`hardhat-starknet lacks its file ${path}: install it again`);
    folder = parent;
  }
}

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
