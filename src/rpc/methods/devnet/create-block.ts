import { devnetMethod } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const createBlock = devnetMethod({
  name: "devnet_createBlock",
  parameters: {},
  mutates: true,
  handle: async ({ control }) => ({ block_hash: toHex(await control.createBlock()) }),
});
