/** Runs one Cairo 0 hint of a library by a part of its code, with names that stand for cells from fp on. */
import { compileCairo0Hints, type HintLibrary } from "../../src/cairo/hints/cairo0/index.ts";
import { type MemoryValue, shift } from "../../src/cairo/relocatable.ts";
import { plainContext, type PlainContext } from "./hint-context.ts";

/** The one code of `library` that contains `part`; a code that is `part` wins. */
export function findCode(library: HintLibrary, part: string): string {
  if (library.has(part)) return part;
  const found = [...library.keys()].filter((text) => text.includes(part));
  if (found.length !== 1) throw new Error(`${found.length} hints contain ${part}`);
  return found[0]!;
}

export interface HintCase {
  /** References of type felt (or of the type after a colon in their name), undefined for unset cells. */
  readonly ids?: Readonly<Record<string, MemoryValue | undefined>>;
  readonly constants?: Readonly<Record<string, bigint>>;
  /** Members of structs by the struct's name, in their order. */
  readonly structs?: Readonly<Record<string, readonly string[]>>;
  readonly context?: PlainContext;
}

const SIZES = (structs: HintCase["structs"], type: string): number => structs?.[type]?.length ?? 1;

/**
 * Compiles the hint against a made-up program and executes it. Returns what the cells of the names hold
 * afterwards, by name (structs by their members' names), and what [ap] holds.
 */
export function runHint(
  library: HintLibrary,
  part: string,
  { ids = {}, constants = {}, structs = {}, context = plainContext() }: HintCase,
): Record<string, MemoryValue | undefined> {
  const identifiers: Record<string, unknown> = {};
  const references: unknown[] = [];
  const referenceIds: Record<string, number> = {};
  const cells: Record<string, number> = {};
  for (const [name, members] of Object.entries(structs))
    identifiers[`m.${name}`] = {
      type: "struct",
      size: members.length,
      members: Object.fromEntries(members.map((m, offset) => [m, { offset, cairo_type: "felt" }])),
    };
  for (const [name, value] of Object.entries(constants))
    identifiers[`m.${name}`] = { type: "const", value };
  let offset = 0;
  for (const [spec, value] of Object.entries(ids)) {
    const [name = "", type = "felt"] = spec.split(":");
    const struct = type.replaceAll("*", "");
    identifiers[`m.f.${name}`] = { type: "reference" };
    referenceIds[`m.f.${name}`] = references.length;
    const full = struct === "felt" ? type : `m.${type}`;
    references.push({
      value: `[cast(fp + (${offset}), ${full}*)]`,
      ap_tracking_data: { group: 0, offset: 0 },
    });
    cells[name] = offset;
    if (value !== undefined) context.memory.set(shift(context.fp, offset), value);
    const size = type.includes("*") ? 1 : SIZES(structs, struct);
    (structs[struct] ?? []).forEach((member, i) => {
      if (!type.includes("*")) cells[`${name}.${member}`] = offset + i;
    });
    offset += size;
  }
  const code = findCode(library, part);
  const hint = {
    code,
    accessible_scopes: ["m", "m.f"],
    flow_tracking_data: { ap_tracking: { group: 0, offset: 0 }, reference_ids: referenceIds },
  };
  const program = { hints: { "0": [hint] }, identifiers, reference_manager: { references } };
  context.ap = shift(context.fp, offset + 8);
  compileCairo0Hints(program, library).get(0)![0]!.execute(context);
  const at = (i: number): MemoryValue | undefined => context.memory.get(shift(context.fp, i));
  return {
    ...Object.fromEntries(Object.entries(cells).map(([name, i]) => [name, at(i)])),
    ap: context.memory.get(context.ap),
  };
}
