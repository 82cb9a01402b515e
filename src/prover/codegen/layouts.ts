/** All generated contracts of a layout. */
import type { VerifierLayout } from "../verifier/layout.ts";
import { compositionContract } from "./composition.ts";
import { typeName } from "./contract.ts";
import { deepContract } from "./deep.ts";
import { periodicContracts, placeColumns } from "./periodic.ts";

/** Sources by the name of their contract. */
export function verifierContracts(layout: VerifierLayout): Map<string, string> {
  const name = typeName(layout.name);
  return new Map([
    [`${name}Composition`, compositionContract(layout)],
    [`${name}Deep`, deepContract(layout)],
    ...periodicContracts(layout.name, placeColumns(layout.air.periodicColumns)),
  ]);
}
