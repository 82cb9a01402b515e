import { formatL1Status } from "../../format/l1.ts";
import { devnetMethod, l1Of } from "../../method.ts";

/** What is under way between the layers; not a method of starknet-devnet. */
export const getL1Status = devnetMethod({
  name: "devnet_getL1Status",
  parameters: {},
  handle: async (context) => ({
    ...formatL1Status(await l1Of(context).status()),
    nodes: context.followers.urls(),
  }),
});
