import { method } from "../../method.ts";
import { toHex } from "../../../util/hex.ts";

export const chainId = method({
  name: "starknet_chainId",
  parameters: {},
  handle: ({ chain }) => toHex(chain.chainId),
});
