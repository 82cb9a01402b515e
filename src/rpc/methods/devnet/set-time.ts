import { devnetMethod } from "../../method.ts";
import { boolean, integer, optional } from "../../schema/schema.ts";
import { toHex } from "../../../util/hex.ts";

export const setTime = devnetMethod({
  name: "devnet_setTime",
  parameters: { time: integer(0), generate_block: optional(boolean) },
  mutates: true,
  async handle({ control }, { time, generate_block }) {
    const hash = await control.setTime(time, generate_block ?? true);
    return { block_timestamp: time, block_hash: hash === undefined ? null : toHex(hash) };
  },
});
