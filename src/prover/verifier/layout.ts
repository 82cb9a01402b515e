/** A layout as the verifier sees it: the shape of statement and proof, and the constraints. */
import type { Air } from "../air/air.ts";
import { airOf } from "../air/create.ts";
import { type LayoutDefinition, publicMemoryStep } from "../air/layout.ts";
import { PROOF_LAYOUTS } from "../air/layouts/index.ts";
import type { StatementShape } from "./public-input.ts";

export interface VerifierLayout extends StatementShape {
  readonly definition: LayoutDefinition;
  readonly air: Air;
  readonly traceColumns: number;
  readonly interactionColumns: number;
  /** Names of the values that are drawn after the trace is committed to, in their order. */
  readonly interactionElements: readonly string[];
}

/** Memory cells of an instance, in the order in which the public input has the builtins (spec §6.1). */
const BUILTINS = [
  { name: "pedersen", cells: 3, of: ({ pedersen }: LayoutDefinition) => pedersen },
  { name: "range_check", cells: 1, of: (layout: LayoutDefinition) => layout.rangeCheckBuiltin },
  { name: "ecdsa", cells: 2, of: ({ ecdsa }: LayoutDefinition) => ecdsa },
  { name: "bitwise", cells: 5, of: ({ bitwise }: LayoutDefinition) => bitwise },
  { name: "ec_op", cells: 7, of: ({ ecOp }: LayoutDefinition) => ecOp },
  { name: "poseidon", cells: 6, of: ({ poseidon }: LayoutDefinition) => poseidon },
] as const;

const INTERACTION_ELEMENTS = ["memory/z", "memory/alpha", "rc16/z"];
const DILUTED_INTERACTION_ELEMENTS = [
  "diluted_check/permutation/z",
  "diluted_check/z",
  "diluted_check/alpha",
];

/** Names of a layout's builtins besides output, in the order of the public input. */
export const builtinNames = (layout: LayoutDefinition): string[] =>
  BUILTINS.filter(({ of }) => of(layout) !== undefined).map(({ name }) => name);

/** Name of the constraints' value that is the first address of a builtin. */
export const initialAddress = (builtin: string): string =>
  `initial_${builtin === "range_check" ? "rc" : builtin}_addr`;

export function verifierLayoutOf(definition: LayoutDefinition): VerifierLayout {
  const { name, rowsPerStep, rangeCheck, diluted } = definition;
  const [traceColumns, interactionColumns] = definition.columns;
  return {
    ...{ definition, name, rowsPerStep, traceColumns, interactionColumns },
    air: airOf(definition),
    rangeCheckBits: rangeCheck.bits,
    publicMemoryStep: publicMemoryStep(definition),
    builtins: BUILTINS.flatMap(({ name: builtin, cells, of }) => {
      const placement = of(definition);
      return placement === undefined ? [] : [{ name: builtin, cells, ratio: placement.ratio }];
    }),
    interactionElements: [
      ...INTERACTION_ELEMENTS,
      ...(diluted === undefined ? [] : DILUTED_INTERACTION_ELEMENTS),
    ],
  };
}

/** The layout of that name, if there is one. */
export function verifierLayout(name: string): VerifierLayout | undefined {
  const definition = Object.values<LayoutDefinition>(PROOF_LAYOUTS).find(
    (layout) => layout.name === name,
  );
  return definition === undefined ? undefined : verifierLayoutOf(definition);
}
