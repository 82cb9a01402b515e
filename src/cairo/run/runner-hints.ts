/** Cairo 0 hints that reach into builtins and segments of a run. */
import { fillModuloMemory } from "../builtins/modulo.ts";
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

/** starkware.cairo.common.modulo: the instances after the first of each builtin, and the missing values. */
const fillMemory: Cairo0Hint = (ids) => {
  const addMod = ids.pointer("add_mod_ptr");
  const addCount = ids.felt("add_mod_n");
  const mulMod = ids.pointer("mul_mod_ptr");
  const mulCount = ids.felt("mul_mod_n");
  return (context) => {
    fillModuloMemory(context.memory, [
      { name: "add_mod", start: addMod(context), count: addCount(context) },
      { name: "mul_mod", start: mulMod(context), count: mulCount(context) },
    ]);
  };
};

const temporaryArray: Cairo0Hint = (ids) => {
  const dst = ids.writer("temporary_array");
  return (context) => {
    dst(context, context.memory.addTemporarySegment());
  };
};

export const runnerHints: HintLibrary = new Map([
  [
    code`ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, (ids.signature_r, ids.signature_s))`,
    addSignature,
  ],
  [code`ids.temporary_array = segments.add_temp_segment()`, temporaryArray],
  [
    code`
      from starkware.cairo.lang.builtins.modulo.mod_builtin_runner import ModBuiltinRunner
      assert builtin_runners["add_mod_builtin"].instance_def.batch_size == 1
      assert builtin_runners["mul_mod_builtin"].instance_def.batch_size == 1

      ModBuiltinRunner.fill_memory(
          memory=memory,
          add_mod=(ids.add_mod_ptr.address_, builtin_runners["add_mod_builtin"], ids.add_mod_n),
          mul_mod=(ids.mul_mod_ptr.address_, builtin_runners["mul_mod_builtin"], ids.mul_mod_n),
      )`,
    fillMemory,
  ],
]);
