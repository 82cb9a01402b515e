import { stateMethod } from "../../method.ts";

/** The version of the specification that this server keeps. */
export const SPEC_VERSION = "0.10.2";

export const specVersion = stateMethod({
  name: "starknet_specVersion",
  parameters: {},
  handle: () => SPEC_VERSION,
});
