/** The OpenRPC documents of Starknet's JSON-RPC 0.10.2 as validators of parameters and answers. */
import { Ajv, type ValidateFunction } from "ajv";
import { readSharedJson } from "../../support/shared.ts";

export const OPENRPC = "spec/openrpc/0.10.2";
const DOCUMENTS = [
  "starknet_api_openrpc.json",
  "starknet_write_api.json",
  "starknet_trace_api_openrpc.json",
  "starknet_executables.json",
  "starknet_ws_api.json",
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

interface Parameter {
  readonly name: string;
  readonly required?: boolean;
  readonly schema: object;
}

export interface SpecMethod {
  readonly document: DocumentName;
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly errors: readonly unknown[];
}

interface Document {
  readonly methods: readonly {
    readonly name: string;
    readonly params: readonly Parameter[];
    readonly result?: { readonly schema: object };
    readonly errors?: readonly unknown[];
  }[];
}

// Offsets of cells are from -2^15 to 2^15 (Cairo paper §4.4); the document says not below 0, which no class keeps.
const signed = { type: "integer", minimum: -(2 ** 15) };
// A first digit below 8 bounds a key of 63 digits only; of shorter ones the pattern refuses half, pathfinder's too.
const key = {
  type: "string",
  pattern: "^0x(0|[a-fA-F1-9][a-fA-F0-9]{0,61}|[1-7][a-fA-F0-9]{62})$",
};
const CORRECTED: Readonly<Record<string, unknown>> = {
  STORAGE_KEY: key,
  CellRef: {
    type: "object",
    properties: { register: { enum: ["AP", "FP"] }, offset: signed },
    required: ["register", "offset"],
  },
};

/**
 * What the documents mean in words that ajv knows: a schema is wrapped in `schema` at some places, and
 * alternatives that differ only in required members stand under `oneOf` although both fit.
 */
function readable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(readable);
  if (typeof node !== "object" || node === null) return node;
  const members = Object.entries(node)
    .filter(
      ([key]) =>
        !["title", "name", "summary", "description", "$comment"].includes(key) ||
        typeof (node as Record<string, unknown>)[key] !== "string",
    )
    .map(([key, value]) => {
      if (key in CORRECTED) return [key, CORRECTED[key]];
      if (key === "oneOf") return ["anyOf", readable(value)];
      if (key === "required" && !Array.isArray(value))
        return [key, [value].filter((name) => typeof name === "string")];
      if (key === "$ref") return [key, (value as string).replace(/^\.\/api\//, "")];
      return [key, readable(value)];
    });
  const object = Object.fromEntries(members) as Record<string, unknown>;
  const keys = Object.keys(object);
  return keys.length === 1 && keys[0] === "schema" ? object["schema"] : object;
}

export interface OpenRpc {
  readonly methods: readonly SpecMethod[];
  /** Problems of a method's result; undefined when there are none. */
  result(method: string, value: unknown): string | undefined;
  parameter(method: string, name: string, value: unknown): string | undefined;
  schema(document: DocumentName, name: string, value: unknown): string | undefined;
  /** code -> message, of all documents */
  readonly errors: ReadonlyMap<number, string>;
}

export function loadOpenRpc(): OpenRpc {
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
  const methods: SpecMethod[] = [];
  const places = new Map<string, string>();
  const errors = new Map<number, string>();
  for (const name of DOCUMENTS) {
    const raw = readSharedJson<
      Document & { components: { errors: Record<string, { code: number; message: string }> } }
    >(`${OPENRPC}/${name}`);
    ajv.addSchema({
      $id: name,
      ...(readable({
        methods: raw.methods.map(({ params, result }) => ({
          params: params.map(({ schema }) => ({ schema })),
          result: result ?? {},
        })),
        components: {
          schemas: (raw as unknown as { components: { schemas: object } }).components.schemas,
        },
      }) as object),
    });
    raw.methods.forEach((method, index) => {
      methods.push({
        document: name,
        name: method.name,
        params: method.params,
        errors: method.errors ?? [],
      });
      places.set(method.name, `${name}#/methods/${index}`);
    });
    for (const { code, message } of Object.values(raw.components.errors))
      if (code !== undefined) errors.set(code, message);
  }
  const compiled = new Map<string, ValidateFunction>();
  const check = (pointer: string, value: unknown): string | undefined => {
    let validate = compiled.get(pointer);
    if (validate === undefined) compiled.set(pointer, (validate = ajv.compile({ $ref: pointer })));
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
  const placeOf = (method: string): string => {
    const place = places.get(method);
    if (place === undefined) throw new Error(`the documents have no method ${method}`);
    return place;
  };
  return {
    methods,
    errors,
    result: (method, value) => check(`${placeOf(method)}/result`, value),
    parameter(method, name, value) {
      const index = methods
        .find((entry) => entry.name === method)!
        .params.findIndex((entry) => entry.name === name);
      return index < 0
        ? `no parameter ${name}`
        : check(`${placeOf(method)}/params/${index}`, value);
    },
    schema: (document, name, value) => check(`${document}#/components/schemas/${name}`, value),
  };
}
