import { devnetMethod } from "../../method.ts";
import { integer } from "../../schema/schema.ts";
import { toHex } from "../../../util/hex.ts";

export const increaseTime = devnetMethod({
  name: "devnet_increaseTime",
  parameters: { time: integer(0) },
  mutates: true,
  handle: async ({ control }, { time }) => ({
    timestamp_increased_by: time,
    block_hash: toHex(await control.increaseTime(time)),
  }),
});
