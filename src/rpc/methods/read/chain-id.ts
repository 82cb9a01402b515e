import { stateMethod } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const chainId = stateMethod({
  name: "starknet_chainId",
  parameters: {},
  handle: ({ chain }) => toHex(chain.chainId),
});
