import { method } from "../../method.ts";

export const syncing = method({
  name: "starknet_syncing",
  parameters: {},
  // A chain view is always at its own head.
  handle: () => false,
});
