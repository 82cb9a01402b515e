import type { Felt } from "../../src/field/felt.ts";
import type { PeriodicColumn } from "../../src/prover/air/expression.ts";

/** A periodic column at a row; between its rows it is not used. */
export const periodicAtRow = ({ period, values }: PeriodicColumn, row: number): Felt =>
  values[Math.floor((row % period) / (period / values.length))]!;
