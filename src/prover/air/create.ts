/** The constraints of a layout, component by component. */
import { type Air, AirBuilder } from "./air.ts";
import { bitwise } from "./components/bitwise.ts";
import { cpu } from "./components/cpu.ts";
import { dilutedCheck } from "./components/diluted.ts";
import { ecOp } from "./components/ec-op.ts";
import { ecdsa } from "./components/ecdsa.ts";
import { memory } from "./components/memory.ts";
import { pedersen } from "./components/pedersen.ts";
import { poseidon } from "./components/poseidon.ts";
import { rangeCheck, rangeCheckBuiltin } from "./components/range-check.ts";
import type { LayoutDefinition } from "./layout.ts";

const made = new WeakMap<LayoutDefinition, Air>();

/** The constraints of `layout`, in the order of the protocol. Made once for each definition. */
export function airOf(layout: LayoutDefinition): Air {
  let air = made.get(layout);
  if (air === undefined) {
    air = createAir(layout);
    made.set(layout, air);
  }
  return air;
}

function createAir(layout: LayoutDefinition): Air {
  const air = new AirBuilder();
  cpu(air, layout);
  memory(air, layout);
  rangeCheck(air, layout);
  if (layout.diluted !== undefined) dilutedCheck(air, layout.diluted);
  pedersen(air, layout);
  rangeCheckBuiltin(air, layout);
  if (layout.ecdsa !== undefined) ecdsa(air, layout, layout.ecdsa);
  if (layout.bitwise !== undefined) bitwise(air, layout, layout.bitwise);
  if (layout.ecOp !== undefined) ecOp(air, layout, layout.ecOp);
  if (layout.poseidon !== undefined) poseidon(air, layout, layout.poseidon);
  return air.build();
}
