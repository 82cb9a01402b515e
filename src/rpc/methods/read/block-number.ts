import { method } from "../../method.ts";

export const blockNumber = method({
  name: "starknet_blockNumber",
  parameters: {},
  handle: ({ chain }) => chain.latest().number,
});
