import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { initialDict } from "../../../src/cairo/hints/cairo0/dict.ts";
import {
  type Cairo0Hint,
  code,
  commonHints,
  composeHints,
  type HintLibrary,
} from "../../../src/cairo/hints/cairo0/index.ts";
import { patriciaPreimage } from "../../../src/cairo/hints/cairo0/patricia.ts";
import { ScopeVariable } from "../../../src/cairo/hints/cairo0/variables.ts";
import { FeltMap } from "../../../src/cairo/hints/felt-map.ts";
import { loadCairo0 } from "../../../src/cairo/run/cairo0-program.ts";
import { runCairo0 } from "../../../src/cairo/run/cairo-runner.ts";
import { mod } from "../../../src/field/felt.ts";
import { parseExactJson } from "../../support/shared.ts";

const FOLDER = new URL("../../vectors/cairo0-hints/", import.meta.url);

const read = (file: string): unknown => {
  const bytes = readFileSync(new URL(file, FOLDER));
  return parseExactJson((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
};

interface Expected {
  readonly steps: number;
  readonly output: readonly string[];
  readonly trace: string;
  readonly memory: string;
}

type Integer = number | bigint;

interface PatriciaUpdate {
  readonly roots: readonly [Integer, Integer];
  readonly accesses: readonly (readonly Integer[])[];
  readonly preimage: readonly (readonly [string, readonly Integer[]])[];
}

const newSegment =
  (name: string, temporary = false): Cairo0Hint =>
  (ids) => {
    const dst = ids.writer(name);
    return (context) => {
      const { memory } = context;
      dst(context, temporary ? memory.addTemporarySegment() : memory.addSegment());
    };
  };

const mirror: Cairo0Hint = (ids) => {
  const [ahead, doubled, dst] = [ids.felt("ahead"), ids.felt("doubled"), ids.writer("mirrored")];
  return (context) => {
    dst(context, mod(ahead(context) + doubled(context)));
  };
};

const setInitialDict: Cairo0Hint = () => (context) => {
  initialDict.set(
    context,
    new FeltMap([
      [1n, 10n],
      [2n, 20n],
      [3n, 30n],
    ]),
  );
};

const setFoundIndex: Cairo0Hint = () => (context) => {
  new ScopeVariable<bigint>("__find_element_index").set(context, 2n);
};

const loadPatriciaUpdate =
  (updates: Iterator<PatriciaUpdate>): Cairo0Hint =>
  (ids) => {
    const names = ["updates", "n", "prev_root", "new_root"] as const;
    const [array, count, previousRoot, newRoot] = names.map((name) => ids.writer(name));
    return (context) => {
      const { roots, accesses, preimage } = updates.next().value as PatriciaUpdate;
      const nodes = preimage.map(([node, parts]) => [BigInt(node), parts.map(BigInt)] as const);
      patriciaPreimage.set(context, new FeltMap(nodes));
      const start = context.memory.addSegment();
      context.memory.write(start, accesses.flat().map(BigInt));
      array!(context, start);
      count!(context, BigInt(accesses.length));
      previousRoot!(context, BigInt(roots[0]));
      newRoot!(context, BigInt(roots[1]));
    };
  };

/** The hints that the programs of this folder have of their own. */
function ownHints(): HintLibrary {
  const { updates } = read("patricia.input.json") as { updates: PatriciaUpdate[] };
  return new Map([
    ["ids.pending = segments.add_temp_segment()", newSegment("pending", true)],
    ["ids.log = segments.add()", newSegment("log")],
    ["ids.squashed = segments.add()", newSegment("squashed")],
    ["ids.mirrored = ids.ahead + ids.doubled", mirror],
    ["initial_dict = {1: 10, 2: 20, 3: 30}", setInitialDict],
    ["__find_element_index = 2", setFoundIndex],
    [
      code`
        update = program_input["updates"].pop(0)
        preimage = {int(node): parts for node, parts in update["preimage"]}
        ids.updates = segments.gen_arg([x for access in update["accesses"] for x in access])
        ids.n = len(update["accesses"])
        ids.prev_root, ids.new_root = update["roots"]
      `,
      loadPatriciaUpdate(updates.values()),
    ],
  ]);
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("Cairo 0 programs, as cairo-lang's own VM runs them", () => {
  const expected = read("expected.json") as Record<string, Expected>;
  const compiled = readdirSync(FOLDER).filter((file) => file.endsWith(".json.gz"));

  it("are all recorded", () => {
    expect(compiled.map((file) => file.replace(".json.gz", ""))).to.deep.equal(
      Object.keys(expected).sort(),
    );
  });

  for (const [name, { steps, output, trace, memory }] of Object.entries(expected))
    it(`${name}: the same steps, output, trace and memory`, () => {
      const library = composeHints(commonHints, ownHints());
      const program = loadCairo0(read(`${name}.json.gz`), library);
      const run = runCairo0(program, { layout: "starknet_with_keccak", trace: true });
      expect(run.output).to.deep.equal(output.map((value) => mod(BigInt(value))));
      expect(run.steps).to.equal(steps);
      expect(sha256(run.trace)).to.equal(trace);
      expect(sha256(run.memory)).to.equal(memory);
    });

  it("use every hint of the common library", () => {
    const used = new Set(
      compiled.flatMap((file) => {
        const { hints } = read(file) as { hints: Record<string, { code: string }[]> };
        return Object.values(hints).flatMap((list) => list.map((hint) => hint.code));
      }),
    );
    const unused = [...commonHints.keys()].filter((text) => !used.has(text));
    expect(unused).to.deep.equal([]);
  });
});
