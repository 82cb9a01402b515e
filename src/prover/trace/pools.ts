/** The pools of range-checked and of diluted words: free cells filled, sorted copies. */
import { range } from "../air/domain.ts";
import { type DilutedPlacement, type RangeCheckPlacement, virtual } from "../air/layout.ts";
import { ProverError } from "../errors.ts";
import type { TraceTable, WordPool } from "./table.ts";

/** Gives free cells the values min..max that are missing, and `min` for the rest; writes pool and copy. */
export function writeRangeCheck(
  table: TraceTable,
  at: RangeCheckPlacement,
  pool: WordPool,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  const values = pool.values as Uint32Array;
  const counts = new Uint32Array(max - min + 1);
  const free = [...pool.free()];
  const isFree = new Uint8Array(values.length);
  for (const cell of free) isFree[cell] = 1;
  values.forEach((value, cell) => {
    if (isFree[cell] === 1) return;
    if (value < min || value > max)
      throw new ProverError("INVALID_RUN", `range check of ${value}, not in ${min}..${max}`);
    counts[value - min]!++;
  });
  const missing = range(min, max + 1).filter((value) => counts[value - min] === 0);
  if (missing.length > free.length)
    throw new ProverError(
      "LAYOUT",
      `${missing.length} values from ${min} to ${max} are not range-checked, and the trace has ${free.length} free cells for them`,
    );
  free.forEach((cell, i) => {
    const value = missing[i] ?? min;
    values[cell] = value;
    counts[value - min]!++;
  });
  pool.write();
  let row = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) table.setNumber(virtual(at.sorted), row++, min + i);
  });
}

/** Bits of `word` moved `spacing` places apart. */
export function dilute(word: number, spacing: number): bigint {
  let diluted = 0n;
  for (let i = 0; word >> i > 0; i++) if ((word >> i) & 1) diluted |= 1n << BigInt(i * spacing);
  return diluted;
}

/** Bits of a diluted word moved together. */
export function undilute(diluted: bigint, spacing: number): number {
  let word = 0;
  for (let i = 0, rest = diluted; rest > 0n; i++, rest >>= BigInt(spacing))
    if (rest & 1n) word |= 1 << i;
  return word;
}

/** Gives free cells the diluted words that are missing, and 0 for the rest; writes pool and copy. */
export function writeDiluted(table: TraceTable, at: DilutedPlacement, pool: WordPool): void {
  const { bits, spacing } = at;
  const values = pool.values as BigUint64Array;
  const words = range(0, 1 << bits).map((word) => dilute(word, spacing));
  const counts = new Uint32Array(words.length);
  const free = [...pool.free()];
  const isFree = new Uint8Array(values.length);
  for (const cell of free) isFree[cell] = 1;
  values.forEach((value, cell) => {
    if (isFree[cell] === 0) counts[undilute(value, spacing)]!++;
  });
  const missing = [...counts.keys()].filter((word) => counts[word] === 0);
  if (missing.length > free.length)
    throw new ProverError(
      "LAYOUT",
      `${missing.length} diluted words are missing, and the trace has ${free.length} free cells for them`,
    );
  free.forEach((cell, i) => {
    const word = missing[i] ?? 0;
    values[cell] = words[word]!;
    counts[word]!++;
  });
  pool.write();
  let row = 0;
  counts.forEach((count, word) => {
    for (let n = 0; n < count; n++) table.set(virtual(at.sorted), row++, words[word]!);
  });
}
