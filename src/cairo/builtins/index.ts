/** All builtins, in the order in which programs list them. */
import type { MachineMemory } from "../machine/memory.ts";
import type { BuiltinName } from "../program.ts";
import { BITWISE } from "./bitwise.ts";
import { type BuiltinDefinition, BuiltinSegment } from "./definition.ts";
import { EC_OP } from "./ec-op.ts";
import { ECDSA } from "./ecdsa.ts";
import { KECCAK } from "./keccak.ts";
import { ADD_MOD, MUL_MOD } from "./modulo.ts";
import { OUTPUT } from "./output.ts";
import { PEDERSEN } from "./pedersen.ts";
import { POSEIDON } from "./poseidon.ts";
import { RANGE_CHECK, RANGE_CHECK_96 } from "./range-check.ts";
import { SEGMENT_ARENA } from "./segment-arena.ts";

export const BUILTINS: Readonly<Record<BuiltinName, BuiltinDefinition>> = {
  output: OUTPUT,
  pedersen: PEDERSEN,
  range_check: RANGE_CHECK,
  ecdsa: ECDSA,
  bitwise: BITWISE,
  ec_op: EC_OP,
  keccak: KECCAK,
  poseidon: POSEIDON,
  segment_arena: SEGMENT_ARENA,
  range_check96: RANGE_CHECK_96,
  add_mod: ADD_MOD,
  mul_mod: MUL_MOD,
};

/** The names in the order that programs keep to. */
export const BUILTIN_ORDER = Object.keys(BUILTINS) as readonly BuiltinName[];

/** Opens a builtin's segment; segment_arena gets its first triple, with a segment for its infos. */
export function openBuiltin(name: BuiltinName, memory: MachineMemory): BuiltinSegment {
  const definition = BUILTINS[name];
  const infos = name === "segment_arena" ? memory.addSegment() : undefined;
  const start = memory.addSegment(definition.kind);
  if (infos !== undefined) memory.write(start, [infos, 0n, 0n]);
  return new BuiltinSegment(definition, start.segment);
}

export { BuiltinSegment };
