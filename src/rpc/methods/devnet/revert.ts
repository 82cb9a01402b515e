import { devnetMethod } from "../../method.ts";
import { u64 } from "../../schema/numbers.ts";

export const revert = devnetMethod({
  name: "devnet_revert",
  parameters: { snapshot_id: u64 },
  handle: ({ control }, { snapshot_id }) => control.revert(Number(snapshot_id)),
});
