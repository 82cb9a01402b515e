/** Parameters of starknet-devnet's own methods. */
import type { TokenUnit } from "../control.ts";
import { bigInteger, mapped, oneOfTexts, optional, type Schema } from "./schema.ts";

/** Absent means FRI. */
export const tokenUnit: Schema<TokenUnit> = mapped(
  optional(oneOfTexts("FRI", "WEI")),
  (unit) => unit ?? "FRI",
);

/** A bare JSON integer, above 0, of 128 bits. */
export const gasPrice = optional(
  bigInteger("an integer from 1 to 2^128 - 1", 1n, (1n << 128n) - 1n),
);
