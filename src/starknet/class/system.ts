/** The classes of the contracts that are there at genesis, from the package's own artifacts. */
import { readFileSync } from "node:fs";
import type { Felt } from "../../field/felt.ts";
import { packageFile } from "../../util/package.ts";
import { parseCasmClass, type CasmClass } from "./casm.ts";
import { sierraClassHash } from "./class-hash.ts";
import { compiledClassHash } from "./compiled-class-hash.ts";
import { parseSierraClass, type SierraClass } from "./sierra.ts";

export const SYSTEM_CLASSES = ["account", "erc20", "udc"] as const;
export type SystemClassName = (typeof SYSTEM_CLASSES)[number];

export interface SystemClass {
  readonly sierra: SierraClass;
  readonly casm: CasmClass;
  readonly classHash: Felt;
  readonly compiledClassHash: Felt;
}

const ARTIFACTS = "contracts/cairo/artifacts/";
const loaded = new Map<SystemClassName, SystemClass>();

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(packageFile(ARTIFACTS + file), "utf8"));

/** Loaded and hashed once per process. */
export function loadSystemClass(name: SystemClassName): SystemClass {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const sierra = parseSierraClass(readJson(`${name}.sierra.json`));
  const casm = parseCasmClass(readJson(`${name}.casm.json`));
  const systemClass = {
    sierra,
    casm,
    classHash: sierraClassHash(sierra),
    compiledClassHash: compiledClassHash(casm),
  };
  loaded.set(name, systemClass);
  return systemClass;
}
