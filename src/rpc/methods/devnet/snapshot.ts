import { devnetMethod } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const snapshot = devnetMethod({
  name: "devnet_snapshot",
  parameters: {},
  handle: async ({ control }) => toHex(await control.snapshot()),
});
