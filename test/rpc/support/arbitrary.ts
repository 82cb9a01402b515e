/** Values near to what schemas look for. */
import fc from "fast-check";
import { ACCOUNT } from "./fixture.ts";

export const near = fc.oneof(
  fc.constantFrom(
    "0x0",
    "0x",
    "0x1",
    `0x${ACCOUNT.toString(16)}`,
    "latest",
    "pre_confirmed",
    "l1_accepted",
    "0x" + "f".repeat(64),
    "0x" + "0".repeat(63) + "1",
    "INVOKE",
    "SKIP_VALIDATE",
    "L1",
    null,
    -1,
    0,
    1,
    2 ** 53,
    1e300,
    "__proto__",
    "constructor",
  ),
  fc.record({ block_number: fc.oneof(fc.integer(), fc.double(), fc.string()) }),
  fc.record({ block_hash: fc.oneof(fc.stringMatching(/^0x[0-9a-f]{0,66}$/), fc.string()) }),
  fc.jsonValue({ maxDepth: 4 }),
);
