/** ecdsa: a public key and a message hash; hints give the signature, which is not in memory. */
import { verify } from "../../curve/ecdsa.ts";
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
      const key = memory.felt({ segment, offset });
      const message = memory.felt({ segment, offset: offset + 1 });
      const signature = builtin.signatures.get(offset);
      if (signature === undefined)
        throw builtinError(`ecdsa: no signature was given for ${segment}:${offset}`);
      if (!verify(message, signature[0], signature[1], key))
        throw builtinError(`ecdsa: the signature for ${segment}:${offset} is not valid`);
    }
  },
};
