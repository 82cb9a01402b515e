/** BLOCK_ID: a hash, a number, or a tag. */
import type { Felt } from "../../field/felt.ts";
import { felt } from "./numbers.ts";
import { isObject, SchemaError, schemaOf, type Schema } from "./schema.ts";

export type BlockTag = "latest" | "pre_confirmed" | "l1_accepted";

export type BlockId =
  | { readonly kind: "hash"; readonly hash: Felt }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "tag"; readonly tag: BlockTag };

const TAGS: readonly BlockTag[] = ["latest", "pre_confirmed", "l1_accepted"];

function read(value: unknown, tags: readonly BlockTag[]): BlockId | undefined {
  if (typeof value === "string") {
    return tags.includes(value as BlockTag) ? { kind: "tag", tag: value as BlockTag } : undefined;
  }
  if (!isObject(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  if (others.length > 0) return undefined;
  const content = key === undefined ? undefined : value[key];
  if (key === "block_number") {
    return Number.isSafeInteger(content) && (content as number) >= 0
      ? { kind: "number", number: content as number }
      : undefined;
  }
  if (key !== "block_hash") return undefined;
  try {
    return { kind: "hash", hash: felt.parse(content) };
  } catch (error) {
    throw error instanceof SchemaError ? error.within(key) : error;
  }
}

const blockIdOf = (tags: readonly BlockTag[]): Schema<BlockId> =>
  schemaOf(
    `a block id ({"block_hash": felt}, {"block_number": integer}, ${tags.map((tag) => `"${tag}"`).join(", ")})`,
    (value) => read(value, tags),
  );

export const blockId = blockIdOf(TAGS);
/** For what only closed blocks have. */
export const closedBlockId = blockIdOf(["latest", "l1_accepted"]);
/** SUBSCRIPTION_BLOCK_ID */
export const subscriptionBlockId = blockIdOf(["latest"]);
