/** Code of the verifier's contracts, as scripts/build-contracts.mjs built it. */
import { readFileSync } from "node:fs";
import { PROOF_LAYOUTS } from "../../prover/air/layouts/index.ts";
import { typeName } from "../../prover/codegen/contract.ts";
import { periodicName, placeColumns } from "../../prover/codegen/periodic.ts";
import { verifierLayoutOf } from "../../prover/verifier/layout.ts";
import { packageFile } from "../../util/package.ts";

/** Names of the generated contracts of a layout. */
const layoutContracts = (layout: (typeof PROOF_LAYOUTS)[keyof typeof PROOF_LAYOUTS]): string[] => {
  const { name, air } = verifierLayoutOf(layout);
  const periodic = new Set(placeColumns(air.periodicColumns).map(({ contract }) => contract));
  return [
    `${typeName(name)}Composition`,
    `${typeName(name)}Deep`,
    ...[...periodic].map((contract) => periodicName(name, contract)),
  ];
};

/** Names of all of the verifier's contracts; each has a file in ./artifacts. */
export const verifierContractNames = (): string[] => [
  "StarkVerifier",
  "VerifierProfile",
  "CairoFactRegistry",
  "CairoFactProfile",
  ...Object.values(PROOF_LAYOUTS).flatMap(layoutContracts),
];

/** Code that creates the contract of that name, before the constructor's arguments. */
export function verifierCreationCode(name: string): Uint8Array {
  const file = packageFile(`src/l1/verifier/artifacts/${name}.json`);
  const { bytecode } = JSON.parse(readFileSync(file, "utf8")) as { bytecode: string };
  return Buffer.from(bytecode.slice(2), "hex");
}
