import { devnetMethod } from "../../method.ts";
import { u64 } from "../../schema/numbers.ts";

export const revert = devnetMethod({
  name: "devnet_revert",
  parameters: { snapshot_id: u64 },
  async handle({ control, journal }, { snapshot_id }) {
    const id = Number(snapshot_id);
    const reverted = await control.revert(id);
    if (reverted) await journal.truncate(id);
    return reverted;
  },
});
