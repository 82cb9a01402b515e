/** The production classes of npm's `@hyperlane-xyz/starknet-core`: Sierra 1.7.0, CASM of compiler 2.10.1. */
import { readdirSync } from "node:fs";
import { parseCasmClass, type CasmClass } from "../../../../src/starknet/class/casm.ts";
import { parseSierraClass, type SierraClass } from "../../../../src/starknet/class/sierra.ts";

const ARTIFACTS = new URL("artifacts/", import.meta.resolve("@hyperlane-xyz/starknet-core"));
const SIERRA = ".contract_class.js";
const CASM = ".compiled_contract_class.js";

export const hyperlaneNames = (): string[] =>
  readdirSync(ARTIFACTS)
    .filter((file) => file.endsWith(SIERRA))
    .map((file) => file.slice(0, -SIERRA.length));

async function artifact(file: string): Promise<unknown> {
  const module = (await import(new URL(file, ARTIFACTS).href)) as Record<string, unknown>;
  return Object.values(module)[0];
}

export async function hyperlaneClass(
  name: string,
): Promise<{ sierra: SierraClass; casm: CasmClass }> {
  return {
    sierra: parseSierraClass(await artifact(name + SIERRA)),
    casm: parseCasmClass(await artifact(name + CASM)),
  };
}
