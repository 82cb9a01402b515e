import { devnetMethod } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const snapshot = devnetMethod({
  name: "devnet_snapshot",
  parameters: {},
  async handle({ control, journal }) {
    const id = await control.snapshot();
    journal.mark(id);
    return toHex(id);
  },
});
