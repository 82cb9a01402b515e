/** The contracts that verify proofs of a layout on L1 (contracts/verifier). */
import { periodicName, placeColumns } from "../../prover/codegen/periodic.ts";
import { typeName } from "../../prover/codegen/contract.ts";
import { verifierLayout } from "../../prover/verifier/layout.ts";
import type { SecurityRequirement } from "../../prover/verifier/parameters.ts";
import type { AbiValue } from "../abi.ts";
import { pageCreationCode, type ProgramOnL1 } from "./program.ts";

/** Creates the contract of that name; returns its address. */
export type Deploy = (contract: string, args: readonly AbiValue[]) => Promise<bigint>;

/** Runs creation code; returns the contract's address. */
export type DeployCode = (code: Uint8Array) => Promise<bigint>;

export interface VerifierSettings {
  readonly security: SecurityRequirement;
}

/** The contracts of the layout's constraints and of its DEEP quotient: the verifier's first two arguments. */
export async function deployLayout(deploy: Deploy, layout: string): Promise<[bigint, bigint]> {
  const found = verifierLayout(layout);
  if (found === undefined) throw new RangeError(`unknown layout "${layout}"`);
  const placed = placeColumns(found.air.periodicColumns);
  const periodic: bigint[] = [];
  for (const contract of new Set(placed.map((column) => column.contract)))
    periodic.push(await deploy(periodicName(layout, contract), []));
  const composition = await deploy(`${typeName(layout)}Composition`, [periodic]);
  return [composition, await deploy(`${typeName(layout)}Deep`, [])];
}

/** A StarkVerifier, or the contract of that name that takes the same arguments, and everything it needs. */
export async function deployVerifier(
  deploy: Deploy,
  layout: string,
  settings: VerifierSettings,
  contract = "StarkVerifier",
): Promise<bigint> {
  return deploy(contract, await verifierArguments(deploy, layout, settings));
}

/** A registry of facts about one program, and everything it needs. */
export async function deployFactRegistry(
  deploy: Deploy,
  deployCode: DeployCode,
  layout: string,
  settings: VerifierSettings,
  program: ProgramOnL1,
): Promise<bigint> {
  const pages: bigint[] = [];
  for (const page of program.pages) pages.push(await deployCode(pageCreationCode(page)));
  const first = await verifierArguments(deploy, layout, settings);
  return deploy("CairoFactRegistry", [...first, pages, program.builtins]);
}

async function verifierArguments(
  deploy: Deploy,
  layout: string,
  { security }: VerifierSettings,
): Promise<AbiValue[]> {
  const parts = await deployLayout(deploy, layout);
  return [...parts, ...[security.bits, security.minPowBits].map(BigInt)];
}
