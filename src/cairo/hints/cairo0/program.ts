/** What hints need of a compiled Cairo 0 program: its identifiers and references, decoded and checked. */
import { ProgramError } from "../../errors.ts";
import { isRecord, showJson } from "../operands.ts";

/** Position in the flow of ap: within a group the distances of ap are known. */
export interface ApTracking {
  readonly group: number;
  readonly offset: number;
}

export interface FlowTracking {
  readonly apTracking: ApTracking;
  /** Indices into {@link Symbols.references} by full name. */
  readonly references: ReadonlyMap<string, number>;
}

export interface Reference {
  readonly value: string;
  readonly apTracking: ApTracking;
}

export type Identifier =
  | { readonly kind: "constant"; readonly value: bigint }
  | {
      readonly kind: "struct";
      readonly size: number;
      readonly members: ReadonlyMap<string, { readonly offset: number; readonly type: string }>;
    }
  /** References, labels, functions, type definitions: known, and told apart elsewhere. */
  | { readonly kind: "other" };

export interface Symbols {
  readonly references: readonly Reference[];
  /** The identifier of that full name, aliases followed, with the name where it is defined. */
  resolve(fullName: string): [fullName: string, Identifier] | undefined;
}

const record = (json: unknown, what: string): Record<string, unknown> => {
  if (isRecord(json)) return json;
  throw new ProgramError(`${what}: expected an object, got ${showJson(json)}`);
};

const text = (json: unknown, what: string): string => {
  if (typeof json === "string") return json;
  throw new ProgramError(`${what}: expected text, got ${showJson(json)}`);
};

const index = (json: unknown, what: string): number => {
  if (typeof json === "number" && Number.isSafeInteger(json) && json >= 0) return json;
  throw new ProgramError(`${what}: expected an index, got ${showJson(json)}`);
};

const integer = (json: unknown, what: string): bigint => {
  if (typeof json === "bigint") return json;
  if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(json);
  throw new ProgramError(
    `${what}: expected an integer, as a bigint past 2^53, got ${showJson(json)}`,
  );
};

export function decodeApTracking(json: unknown, what: string): ApTracking {
  const { group, offset } = record(json, what);
  return { group: index(group, `${what}.group`), offset: index(offset, `${what}.offset`) };
}

function decodeIdentifier(json: Record<string, unknown>, name: string): Identifier {
  if (json.type === "const") return { kind: "constant", value: integer(json.value, name) };
  if (json.type !== "struct") return { kind: "other" };
  const members = Object.entries(record(json.members, `${name}.members`)).map(
    ([member, definition]): [string, { offset: number; type: string }] => {
      const { offset, cairo_type: type } = record(definition, `${name}.${member}`);
      return [
        member,
        {
          offset: index(offset, `${name}.${member}.offset`),
          type: text(type, `${name}.${member}.cairo_type`),
        },
      ];
    },
  );
  return { kind: "struct", size: index(json.size, `${name}.size`), members: new Map(members) };
}

// Imports of imports; a longer chain is a cycle.
const MAX_ALIASES = 32;

/** Decodes `identifiers` and `reference_manager` of a compiled program. Throws ProgramError. */
export function decodeSymbols(program: Record<string, unknown>): Symbols {
  const identifiers = new Map(Object.entries(record(program.identifiers, "identifiers")));
  const { references } = record(program.reference_manager, "reference_manager");
  if (!Array.isArray(references))
    throw new ProgramError("reference_manager.references: expected an array");
  return {
    references: references.map((json: unknown, i) => {
      const { value, ap_tracking_data: tracking } = record(json, `reference ${i}`);
      return {
        value: text(value, `reference ${i}.value`),
        apTracking: decodeApTracking(tracking, `reference ${i}.ap_tracking_data`),
      };
    }),
    resolve: (fullName) => {
      let name = fullName;
      for (let i = 0; i < MAX_ALIASES; i++) {
        const json = identifiers.get(name);
        if (json === undefined) return undefined;
        const identifier = record(json, name);
        if (identifier.type !== "alias") return [name, decodeIdentifier(identifier, name)];
        name = text(identifier.destination, `${name}.destination`);
      }
      throw new ProgramError(`${fullName} is an alias of itself`);
    },
  };
}
