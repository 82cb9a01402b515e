/** ecdsa: a public key and a message hash; hints give the signature, which is not in memory. */
import { verify } from "../../curve/ecdsa.ts";
import { isRelocatable } from "../relocatable.ts";
import { type BuiltinDefinition, builtinError, SEGMENT_KIND } from "./definition.ts";

const CELLS = 2;

export const ECDSA: BuiltinDefinition = {
  name: "ecdsa",
  cells: CELLS,
  inputs: CELLS,
  kind: SEGMENT_KIND.plain,
  verify: (builtin, memory) => {
    const { segment } = builtin;
    const end = builtin.instances(memory) * CELLS;
    for (let offset = 0; offset < end; offset += CELLS) {
      const key = memory.get({ segment, offset });
      const message = memory.get({ segment, offset: offset + 1 });
      if (key === undefined || message === undefined) continue; // named as missing inputs
      if (isRelocatable(key) || isRelocatable(message))
        throw builtinError(`ecdsa: expected felts at ${segment}:${offset}`);
      const signature = builtin.signatures.get(offset);
      if (signature === undefined)
        throw builtinError(`ecdsa: no signature was given for ${segment}:${offset}`);
      if (!verify(message, signature[0], signature[1], key))
        throw builtinError(`ecdsa: the signature for ${segment}:${offset} is not valid`);
    }
  },
};
