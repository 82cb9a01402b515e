/** The layouts that can be proven, by name. */
import type { LayoutDefinition } from "../layout.ts";
import { COMPACT } from "./compact.ts";
import { RECURSIVE } from "./recursive.ts";
import { SMALL } from "./small.ts";
import { STARKNET } from "./starknet.ts";

export const PROOF_LAYOUTS = {
  compact: COMPACT,
  starknet: STARKNET,
  small: SMALL,
  recursive: RECURSIVE,
} as const satisfies Record<string, LayoutDefinition>;

export type ProofLayoutName = keyof typeof PROOF_LAYOUTS;
