/** The trace of a run in a layout: every cell that does not depend on randomness. */
import type { CairoRun } from "../../cairo/run/cairo-runner.ts";
import type { LayoutDefinition } from "../air/layout.ts";
import { ProverError } from "../errors.ts";
import { builtinsOf, type ProofPublicInput } from "../public-input.ts";
import { writeBitwise } from "./builtins/bitwise.ts";
import type { BuiltinContext } from "./builtins/context.ts";
import { writeEcOp } from "./builtins/ec-op.ts";
import { writeEcdsa } from "./builtins/ecdsa.ts";
import { writePedersen } from "./builtins/pedersen.ts";
import { writePoseidon } from "./builtins/poseidon.ts";
import { writeRangeCheckBuiltin } from "./builtins/range-check.ts";
import { writeCpu } from "./cpu.ts";
import { MemoryPool, RunMemory } from "./memory.ts";
import { writeDiluted, writeRangeCheck } from "./pools.ts";
import { TraceTable, WordPool } from "./table.ts";

/** A run in proof mode, in the layout's own padding. */
export type ProvableRun = Pick<
  CairoRun,
  "steps" | "trace" | "memory" | "signatures" | "publicInput"
>;

export interface Trace {
  readonly table: TraceTable;
  readonly publicInput: ProofPublicInput;
}

/** Bytes of an entry of cairo-run's trace file. */
const STEP_BYTES = 24;

/**
 * Lays a run out. Interaction columns have what does not depend on randomness. Throws ProverError for a run
 * that is not of this layout or does not fit.
 */
export function buildTrace(run: ProvableRun, layout: LayoutDefinition): Trace {
  const { steps, publicInput: given } = run;
  if (given === undefined)
    throw new ProverError("INVALID_RUN", "the run was not made in proof mode");
  if (given.layout !== layout.name)
    throw new ProverError("LAYOUT", `the run is of layout ${given.layout}, not ${layout.name}`);
  const logSteps = Math.log2(steps);
  if (!Number.isInteger(logSteps) || run.trace.length !== steps * STEP_BYTES)
    throw new ProverError("INVALID_RUN", `${steps} steps are not a power of two with a trace`);
  const rows = steps * layout.rowsPerStep;
  const table = new TraceTable(rows, layout.columns[0] + layout.columns[1]);
  // Addresses are continuous from 1 on, and each takes a cell of the pool.
  const memory = new RunMemory(rows / layout.memory.address[1] + 1);
  memory.load(run.memory);
  const pool = new MemoryPool(table, layout, memory);
  const rangeChecks = new WordPool(table, layout.rangeCheck.pool, "32 bits");
  const diluted =
    layout.diluted === undefined ? undefined : new WordPool(table, layout.diluted.pool, "64 bits");
  const segments = given.memory_segments;
  const context: BuiltinContext = {
    table,
    layout,
    memory,
    pool,
    rangeChecks,
    diluted,
    steps,
    signatures: run.signatures,
    limits: { min: given.rc_min, max: given.rc_max },
    begin: Object.fromEntries(
      Object.entries(segments).map(([name, { begin_addr }]) => [name, begin_addr]),
    ),
  };
  writeBuiltins(context);
  writeCpu({ table, layout, memory, pool, rangeChecks, trace: run.trace });

  const publicInput = describe(run, layout, memory);
  pool.write(
    publicInput.publicMemory.map(({ address }) => address),
    publicInput.padding.address,
  );
  writeRangeCheck(table, layout.rangeCheck, rangeChecks, context.limits);
  if (layout.diluted !== undefined) writeDiluted(table, layout.diluted, diluted!);
  return { table, publicInput };
}

function writeBuiltins(context: BuiltinContext): void {
  const { layout } = context;
  writePedersen(context);
  writeRangeCheckBuiltin(context);
  if (layout.ecdsa !== undefined) writeEcdsa(context, layout.ecdsa);
  if (layout.bitwise !== undefined) writeBitwise(context, layout.bitwise);
  if (layout.ecOp !== undefined) writeEcOp(context, layout.ecOp);
  if (layout.poseidon !== undefined) writePoseidon(context, layout.poseidon);
}

function describe(
  { steps, publicInput }: ProvableRun,
  layout: LayoutDefinition,
  memory: RunMemory,
): ProofPublicInput {
  const { memory_segments: segments, public_memory: cells, rc_min, rc_max } = publicInput!;
  const bounds = (name: string): { begin: number; stop: number } => {
    const segment = segments[name];
    if (segment === undefined)
      throw new ProverError("INVALID_RUN", `the run has no segment ${name}`);
    return { begin: segment.begin_addr, stop: segment.stop_ptr };
  };
  const publicMemory = cells.map(({ address }) => ({ address, value: memory.get(address) }));
  const padding = publicMemory[0];
  if (padding === undefined) throw new ProverError("INVALID_RUN", "the run has no public memory");
  return {
    layout: layout.name,
    logSteps: Math.log2(steps),
    rcMin: rc_min,
    rcMax: rc_max,
    program: bounds("program"),
    execution: bounds("execution"),
    output: bounds("output"),
    builtins: Object.fromEntries(builtinsOf(layout).map(({ name }) => [name, bounds(name)])),
    padding,
    publicMemory,
  };
}
