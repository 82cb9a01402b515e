import { RpcError } from "../../errors.ts";
import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";
import { casmClassJson } from "../../../starknet/class/casm.ts";

export const getCompiledCasm = method({
  name: "starknet_getCompiledCasm",
  parameters: { class_hash: felt },
  handle({ chain }, { class_hash }) {
    const casm = chain.casmClass(class_hash);
    if (casm === undefined) throw new RpcError("CLASS_HASH_NOT_FOUND");
    return casmClassJson(casm);
  },
});
