import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { VmError } from "../../../src/cairo/errors.ts";
import { compileCasmHint } from "../../../src/cairo/hints/casm/index.ts";
import { type MemoryValue, showValue } from "../../../src/cairo/relocatable.ts";
import { plainContext } from "../../support/hint-context.ts";
import { type Case, makeCases } from "../../vectors/casm-hints/cases.ts";

type Cell = readonly [segment: number, offset: number, value: string];

const parse = (text: string): MemoryValue => {
  const [segment, offset] = text.split(":");
  return offset === undefined ? BigInt(text) : { segment: Number(segment), offset: Number(offset) };
};

/** Executes a case and returns the cells that its hints wrote, or "error". */
function run({ segments, ap, fp, steps }: Case): Cell[] | "error" {
  const context = plainContext();
  const { memory } = context;
  context.ap = { segment: 1, offset: ap };
  context.fp = { segment: 1, offset: fp };
  // plainContext has two segments.
  for (let i = 2; i < segments; i++) memory.addSegment();
  const given = new Set<string>();
  try {
    for (const step of steps) {
      const { set } = step as { set?: Cell };
      if (set === undefined) compileCasmHint(step).execute(context);
      else {
        const address = { segment: set[0], offset: set[1] };
        memory.set(address, parse(set[2]));
        given.add(showValue(address));
      }
    }
  } catch (error) {
    if (error instanceof VmError) return "error";
    throw error;
  }
  const cells: Cell[] = [];
  for (let segment = 0; segment < memory.segmentCount; segment++)
    for (let offset = 0; offset < memory.segmentSize(segment); offset++) {
      const value = memory.get({ segment, offset });
      if (value !== undefined && !given.has(showValue({ segment, offset })))
        cells.push([segment, offset, showValue(value)]);
    }
  return cells;
}

describe("CASM hints, as StarkWare's runner executes them", () => {
  const file = new URL("../../vectors/casm-hints/expected.json.gz", import.meta.url);
  const expected = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as unknown[];
  const cases = makeCases();

  it("write the same cells, and fail where it fails", () => {
    expect(expected).to.have.lengthOf(cases.length);
    const outcomes = { errors: 0, cells: 0 };
    cases.forEach((hintCase, i) => {
      const result = run(hintCase);
      expect(result, `case ${i}: ${JSON.stringify(hintCase.steps.at(-1))}`).to.deep.equal(
        expected[i],
      );
      if (result === "error") outcomes.errors++;
      else outcomes.cells++;
    });
    expect(outcomes.errors).to.be.greaterThan(20);
    expect(outcomes.cells).to.be.greaterThan(500);
  });
});
