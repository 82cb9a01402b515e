import { formatConfig } from "../../format/devnet.ts";
import { devnetMethod } from "../../method.ts";

export const getConfig = devnetMethod({
  name: "devnet_getConfig",
  parameters: {},
  handle: ({ control }) => formatConfig(control.config()),
});
