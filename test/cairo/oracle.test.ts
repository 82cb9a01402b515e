/** Whole runs against another VM's (test/cairo/programs/README.md). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { commonHints, composeHints } from "../../src/cairo/hints/cairo0/index.ts";
import { type CairoRun, runCairo0 } from "../../src/cairo/run/cairo-runner.ts";
import { loadCairo0, parseCairo0Json } from "../../src/cairo/run/cairo0-program.ts";
import type { LayoutName } from "../../src/cairo/run/layouts.ts";
import { runnerHints } from "../../src/cairo/run/runner-hints.ts";
import { P } from "../../src/field/felt.ts";

interface Vector {
  readonly program: string;
  readonly layout: LayoutName;
  readonly mode: "exec" | "proof";
  readonly steps: number;
  readonly memoryHoles: number;
  readonly builtins: Record<string, number>;
  readonly output: string[];
  readonly trace: string;
  readonly memory: string;
  readonly publicInput?: Record<string, unknown>;
}

const file = (name: string): Buffer => readFileSync(new URL(`programs/${name}`, import.meta.url));
const sha256 = (data: Uint8Array | string): string =>
  createHash("sha256").update(data).digest("hex");
const library = composeHints(commonHints, runnerHints);

/** As cairo-run prints outputs: felts past P/2 as negative numbers, holes as <missing>. */
function shownOutput({ output }: CairoRun): string[] {
  return output.map((value) => {
    if (value === undefined) return "<missing>";
    if (typeof value === "object") return `${value.segment}:${value.offset}`;
    return (value > P / 2n ? value - P : value).toString();
  });
}

describe("runs of Cairo 0 programs equal cairo-vm's", () => {
  const vectors = JSON.parse(file("vectors.json").toString()) as Vector[];
  for (const vector of vectors) {
    const { program, layout, mode } = vector;
    it(`${program} in layout ${layout}, ${mode} mode`, () => {
      const json = gunzipSync(file(`${program}.json.gz`)).toString();
      const loaded = loadCairo0(parseCairo0Json(json), library);
      const run = runCairo0(loaded, { layout, proofMode: mode === "proof", trace: true });
      expect(run.steps).to.equal(vector.steps);
      expect(run.memoryHoles).to.equal(vector.memoryHoles);
      expect(run.builtins).to.deep.equal(vector.builtins);
      expect(shownOutput(run)).to.deep.equal(vector.output);
      expect(sha256(run.trace)).to.equal(vector.trace);
      expect(sha256(run.memory)).to.equal(vector.memory);
      if (vector.publicInput === undefined) return;
      const cells = run.publicInput!.public_memory.map(
        ({ address, value, page }) => `${address} ${value} ${page}\n`,
      );
      expect({ ...run.publicInput, public_memory: sha256(cells.join("")) }).to.deep.equal(
        vector.publicInput,
      );
    });
  }
});
