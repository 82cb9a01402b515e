/** Cairo 0 hints that reach into builtins. */
import { type Cairo0Hint, code, type HintLibrary } from "../hints/cairo0/index.ts";
import { hintError } from "../hints/errors.ts";

/** starkware.cairo.common.signature: the signature that the ecdsa builtin's next instance is checked with. */
const addSignature: Cairo0Hint = (ids) => {
  const instance = ids.pointer("ecdsa_ptr");
  const r = ids.felt("signature_r");
  const s = ids.felt("signature_s");
  return (context) => {
    if (context.addSignature === undefined) throw hintError("the run has no ecdsa builtin");
    context.addSignature(instance(context), [r(context), s(context)]);
  };
};

export const builtinHints: HintLibrary = new Map([
  [
    code`ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, (ids.signature_r, ids.signature_s))`,
    addSignature,
  ],
]);
