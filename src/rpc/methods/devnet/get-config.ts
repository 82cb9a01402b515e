import { formatConfig } from "../../format/devnet.ts";
import { formatL1 } from "../../format/l1.ts";
import { devnetMethod } from "../../method.ts";

export const getConfig = devnetMethod({
  name: "devnet_getConfig",
  parameters: {},
  handle: ({ control, l1 }) => ({
    ...formatConfig(control.config()),
    l1: l1 === undefined ? null : formatL1(l1.describe()),
  }),
});
