/**
 * Schemas of JSON values: each parses a value of unknown shape into a typed one, or says at which path
 * what was expected. Plain data, combined by functions; no coercion beyond what a schema states.
 */

/** A value does not fit its schema. The path grows while the error passes the containers. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly #problem: string;
  #path = "";

  /** @param problem for example `expected a felt, got 5` */
  constructor(problem: string) {
    super(problem);
    this.#problem = problem;
  }

  /** Adds the name of a member, or the index of an element, in front of the path. */
  within(key: string | number): this {
    const step = typeof key === "number" ? `[${key}]` : key;
    const separator = this.#path === "" || this.#path.startsWith("[") ? "" : ".";
    this.#path = step + separator + this.#path;
    this.message = `${this.#path}: ${this.#problem}`;
    return this;
  }
}

export interface Schema<T> {
  /** What a value must be, as a noun phrase for messages. */
  readonly expected: string;
  /** May be absent or null; parses to undefined then. */
  readonly optional?: true;
  /** Throws SchemaError. */
  parse(value: unknown): T;
}

export type Parsed<S> = S extends Schema<infer T> ? T : never;

const SHOWN_CHARACTERS = 80;

/** A short description of a JSON value of any size. */
function describe(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return value.length > SHOWN_CHARACTERS
        ? `${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}… (${value.length} characters)`
        : JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `an array of ${value.length}` : "an object";
    default:
      return String(value);
  }
}

export function mismatch(expected: string, value: unknown): SchemaError {
  return new SchemaError(
    value === undefined
      ? `missing, expected ${expected}`
      : `expected ${expected}, got ${describe(value)}`,
  );
}

/** Runs `parse`, putting `key` in front of the path of its SchemaError. */
function parseMember<T>(schema: Schema<T>, value: unknown, key: string | number): T {
  try {
    return schema.parse(value);
  } catch (error) {
    throw error instanceof SchemaError ? error.within(key) : error;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A schema from a function that answers undefined for a value that does not fit. */
export function schemaOf<T>(expected: string, read: (value: unknown) => T | undefined): Schema<T> {
  return {
    expected,
    parse(value) {
      const parsed = read(value);
      if (parsed === undefined) throw mismatch(expected, value);
      return parsed;
    },
  };
}

export const optional = <T>(schema: Schema<T>): Schema<T | undefined> => ({
  expected: schema.expected,
  optional: true,
  parse: (value) => (value === undefined || value === null ? undefined : schema.parse(value)),
});

export const boolean: Schema<boolean> = schemaOf("true or false", (value) =>
  typeof value === "boolean" ? value : undefined,
);

export const integer = (from: number, to = Number.MAX_SAFE_INTEGER): Schema<number> =>
  schemaOf(
    to === Number.MAX_SAFE_INTEGER
      ? `an integer not below ${from}`
      : `an integer from ${from} to ${to}`,
    (value) =>
      Number.isInteger(value) && (value as number) >= from && (value as number) <= to
        ? (value as number)
        : undefined,
  );

/** An integer of JSON that may be too large for a double; see json.ts. */
export const bigInteger = (expected: string, from: bigint, to: bigint): Schema<bigint> =>
  schemaOf(expected, (value) => {
    if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return undefined;
    const integer = BigInt(value as bigint | number);
    return integer >= from && integer <= to ? integer : undefined;
  });

export const text = (expected: string, maxLength: number): Schema<string> =>
  schemaOf(expected, (value) =>
    typeof value === "string" && value.length <= maxLength ? value : undefined,
  );

export const oneOfTexts = <const T extends string>(...texts: readonly T[]): Schema<T> =>
  schemaOf(texts.map((name) => `"${name}"`).join(" or "), (value) =>
    texts.includes(value as T) ? (value as T) : undefined,
  );

/** An array of at most `maxLength` elements. */
export function array<T>(element: Schema<T>, maxLength: number): Schema<T[]> {
  const expected = `an array (each: ${element.expected})`;
  return {
    expected,
    parse(value) {
      if (!Array.isArray(value)) throw mismatch(expected, value);
      if (value.length > maxLength) {
        throw new SchemaError(`expected at most ${maxLength} elements, got ${value.length}`);
      }
      const parsed = new Array<T>(value.length);
      for (let i = 0; i < value.length; i++) parsed[i] = parseMember(element, value[i], i);
      return parsed;
    },
  };
}

/** An object with any keys, each of which `key` parses. No two may be the same key in different writing. */
export function record<K, V>(
  key: Schema<K>,
  value: Schema<V>,
  maxLength: number,
): Schema<Map<K, V>> {
  const expected = `an object (each key: ${key.expected}; each value: ${value.expected})`;
  return {
    expected,
    parse(json) {
      if (!isObject(json)) throw mismatch(expected, json);
      const names = Object.keys(json);
      if (names.length > maxLength) {
        throw new SchemaError(`expected at most ${maxLength} members, got ${names.length}`);
      }
      return uniqueEntries(
        names.map((name) => [key.parse(name), parseMember(value, json[name], name)] as const),
        (i) => names[i]!,
      );
    },
  };
}

/** An array whose elements are the entries of a map. No two may have the same key. */
export const entries = <K, V>(
  entry: Schema<readonly [K, V]>,
  maxLength: number,
): Schema<Map<K, V>> => mapped(array(entry, maxLength), (list) => uniqueEntries(list, (i) => i));

function uniqueEntries<K, V>(
  list: readonly (readonly [K, V])[],
  place: (index: number) => string | number,
): Map<K, V> {
  const map = new Map<K, V>();
  list.forEach(([key, value], index) => {
    if (map.has(key)) throw new SchemaError("the same key twice").within(place(index));
    map.set(key, value);
  });
  return map;
}

/** Accepts one element in the place of an array of one. */
export function oneOrMany<T>(element: Schema<T>, maxLength: number): Schema<T[]> {
  const many = array(element, maxLength);
  return {
    expected: `${element.expected}, or an array of such`,
    parse: (value) => (Array.isArray(value) ? many.parse(value) : [element.parse(value)]),
  };
}

export type Members = Readonly<Record<string, Schema<unknown>>>;
export type ParsedMembers<M extends Members> = { readonly [K in keyof M]: Parsed<M[K]> };

export interface ObjectOptions {
  /** Members that no schema names: `refuse` them, or `ignore` them (the default). */
  readonly unknown?: "refuse" | "ignore";
}

function refuseUnknown(value: object, known: readonly string[]): void {
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  throw new SchemaError(
    `unknown ${describe(stranger)}, expected ${known.length === 0 ? "nothing" : known.join(", ")}`,
  );
}

export function object<M extends Members>(
  members: M,
  options: ObjectOptions = {},
): Schema<ParsedMembers<M>> {
  const keys = Object.keys(members);
  const expected = `an object with ${keys.join(", ")}`;
  return {
    expected,
    parse(value) {
      if (!isObject(value)) throw mismatch(expected, value);
      if (options.unknown === "refuse") refuseUnknown(value, keys);
      const parsed: Record<string, unknown> = {};
      for (const key of keys) {
        parsed[key] = parseMember(
          members[key]!,
          Object.hasOwn(value, key) ? value[key] : undefined,
          key,
        );
      }
      return parsed as ParsedMembers<M>;
    },
  };
}

/** `schema` with its result turned by `convert`, which may throw SchemaError. */
export const mapped = <T, U>(schema: Schema<T>, convert: (value: T) => U): Schema<U> => ({
  ...(schema.optional ? { optional: true } : {}),
  expected: schema.expected,
  parse: (value) => convert(schema.parse(value)),
});

/**
 * The parameters of a request, by name or by position (JSON-RPC 2.0 §4.2); absent and null are none.
 * Throws SchemaError.
 */
export function parseParameters<M extends Members>(members: M, params: unknown): ParsedMembers<M> {
  const keys = Object.keys(members);
  const byPosition = Array.isArray(params);
  if (byPosition && params.length > keys.length) {
    throw new SchemaError(`expected at most ${keys.length} parameters, got ${params.length}`);
  }
  if (!byPosition && params !== undefined && params !== null) {
    if (!isObject(params)) throw mismatch("parameters in an object or an array", params);
    refuseUnknown(params, keys);
  }
  const parsed: Record<string, unknown> = {};
  keys.forEach((key, position) => {
    const value = byPosition
      ? (params[position] as unknown)
      : isObject(params) && Object.hasOwn(params, key)
        ? params[key]
        : undefined;
    parsed[key] = parseMember(members[key]!, value, key);
  });
  return parsed as ParsedMembers<M>;
}
