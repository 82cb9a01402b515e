/** Whether a contract on L1 is the registry of facts that this version deploys: by its code, and all that it calls. */
import { Interface, type InterfaceAbi } from "ethers";
import { readFileSync } from "node:fs";
import { typeName } from "../../prover/codegen/contract.ts";
import { periodicName, placeColumns } from "../../prover/codegen/periodic.ts";
import { verifierLayout } from "../../prover/verifier/layout.ts";
import { packageFile } from "../../util/package.ts";
import { toPaddedHex } from "../../util/hex.ts";
import { encodeArguments, type AbiValue } from "../abi.ts";
import type { Ethereum } from "../ethereum.ts";
import { L1RequestError } from "../transport.ts";
import { verifierCreationCode } from "./artifacts.ts";
import type { VerifierSettings } from "./deployment.ts";
import type { ProgramOnL1 } from "./program.ts";

const abi = (): Interface => {
  const file = packageFile("src/l1/verifier/artifacts/CairoFactRegistry.json");
  return new Interface((JSON.parse(readFileSync(file, "utf8")) as { abi: InterfaceAbi }).abi);
};

/**
 * Undefined where the registry at `address` verifies proofs of runs of `program` in `layout`, as `deployFactRegistry`
 * would have made it; otherwise what differs. Constructors are run by calls, which change nothing: what they return is
 * the code that has to be there. How the contract's storage began, its code does not show.
 */
export async function registryFault(
  ethereum: Ethereum,
  address: string,
  layout: string,
  { security }: VerifierSettings,
  program: ProgramOnL1,
): Promise<string | undefined> {
  const registry = abi();
  const read = async (name: string, ...args: unknown[]): Promise<unknown> => {
    const answer = await ethereum.call(address, registry.encodeFunctionData(name, args));
    return registry.decodeFunctionResult(name, answer)[0];
  };
  let parts: string[];
  try {
    parts = (await Promise.all(["composition", "deep"].map((name) => read(name)))) as string[];
    const pages = await Promise.all(program.pages.map((_, i) => read("programPages", i)));
    parts.push(...(pages as string[]));
  } catch {
    return "it is no CairoFactRegistry, which takes facts with their proofs only";
  }
  const [composition, deep, ...pages] = parts.map(BigInt);
  const numbers = [security.bits, security.minPowBits].map(BigInt);
  const args = [composition!, deep!, ...numbers, pages, program.builtins];
  const fault = await codeFault(ethereum, "CairoFactRegistry", address, args);
  if (fault !== undefined) return fault;
  if ((await read("programHash")) !== program.hash) return "it keeps facts of another program";
  return layoutFault(ethereum, layout, composition!, deep!);
}

async function layoutFault(
  ethereum: Ethereum,
  layout: string,
  composition: bigint,
  deep: bigint,
): Promise<string | undefined> {
  const { air } = verifierLayout(layout)!;
  const contracts = new Set(placeColumns(air.periodicColumns).map(({ contract }) => contract));
  const names = [...contracts].map((contract) => periodicName(layout, contract));
  const name = `${typeName(layout)}Composition`;
  const periodic = await addressesIn(ethereum, name, addressOf(composition), names.length);
  if (periodic === undefined) return differs(name, addressOf(composition));
  for (const [contract, at, args] of [
    [name, composition, [periodic]],
    [`${typeName(layout)}Deep`, deep, []],
    ...names.map((each, i) => [each, periodic[i]!, []] as const),
  ] as const) {
    const fault = await codeFault(ethereum, contract, addressOf(at), args);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const addressOf = (word: bigint): string => toPaddedHex(word, 20);

const differs = (name: string, address: string): string =>
  `the code at ${address} is not that of ${name} in this version`;

/** What differs in a contract's code from what its constructor leaves with these arguments. */
async function codeFault(
  ethereum: Ethereum,
  name: string,
  address: string,
  args: readonly AbiValue[],
): Promise<string | undefined> {
  const expected = await runtimeCode(ethereum, name, args);
  const same = expected !== undefined && expected === (await ethereum.code(address)).toLowerCase();
  return same ? undefined : differs(name, address);
}

/** Code that a constructor leaves; undefined where it reverts. */
async function runtimeCode(
  ethereum: Ethereum,
  name: string,
  args: readonly AbiValue[],
): Promise<string | undefined> {
  const code = Buffer.concat([verifierCreationCode(name), encodeArguments(args)]);
  try {
    return (await ethereum.create(`0x${code.toString("hex")}`)).toLowerCase();
  } catch (error) {
    if (error instanceof L1RequestError) return undefined;
    throw error;
  }
}

/**
 * The addresses that a contract's constructor took as a list and its code holds: they are where the same code with
 * other addresses has those.
 */
async function addressesIn(
  ethereum: Ethereum,
  name: string,
  address: string,
  count: number,
): Promise<bigint[] | undefined> {
  const marks = Array.from({ length: count }, (_, i) => (0xadd0n << 144n) | BigInt(i + 1));
  const marked = await runtimeCode(ethereum, name, [marks]);
  const actual = await ethereum.code(address);
  if (marked?.length !== actual.length) return undefined;
  return marks.map((mark) => {
    const digits = addressOf(mark).slice(2);
    const at = marked.indexOf(digits);
    return BigInt(`0x${actual.slice(at, at + digits.length)}`);
  });
}
