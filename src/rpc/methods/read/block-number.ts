import { stateMethod } from "../../method.ts";

export const blockNumber = stateMethod({
  name: "starknet_blockNumber",
  parameters: {},
  handle: ({ chain }) => chain.latest().number,
});
