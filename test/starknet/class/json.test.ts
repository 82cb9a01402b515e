/** The JSON of classes: what goes in comes out, and what is wrong is named. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../../src/field/felt.ts";
import { casmClassJson, parseCasmClass } from "../../../src/starknet/class/casm.ts";
import { ClassError } from "../../../src/starknet/class/errors.ts";
import { parseSierraClass, sierraClassJson } from "../../../src/starknet/class/sierra.ts";
import { toHex } from "../../../src/util/hex.ts";

type Json = Record<string, unknown>;

const artifact = (file: string): Json =>
  JSON.parse(
    readFileSync(
      new URL(`../../../contracts/cairo/artifacts/${file}.json`, import.meta.url),
      "utf8",
    ),
  ) as Json;

const sierra = artifact("udc.sierra");
const casm = artifact("udc.casm");

describe("JSON of Sierra classes", () => {
  it("of compilers and of the JSON-RPC is the same class", () => {
    const parsed = parseSierraClass(sierra);
    expect(parseSierraClass(sierraClassJson(parsed))).to.deep.equal(parsed);
    expect(JSON.parse(parsed.abi)).to.deep.equal(sierra["abi"]);
    expect(parsed.abi).to.match(/^\[\{"type": "impl", "name": /);
  });

  for (const [what, changes, message] of [
    ["no object", undefined, /contract_class/],
    ["no program", { sierra_program: undefined }, /sierra_program/],
    [
      "a felt of P",
      { sierra_program: [`0x800000000000011${"0".repeat(47)}1`] },
      /sierra_program\[0/,
    ],
    ["a felt that is a number", { sierra_program: [1] }, /sierra_program\[0\]: expected a felt/],
    ["an ABI that is a number", { abi: 5 }, /abi: expected a text/],
    [
      "another version",
      { contract_class_version: "0.2.0" },
      /contract_class_version: expected 0.1.0/,
    ],
    ["no L1 handlers", { entry_points_by_type: { EXTERNAL: [] } }, /L1_HANDLER: expected an array/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const broken = changes === undefined ? "text" : { ...sierra, ...changes };
      expect(() => parseSierraClass(broken)).to.throw(ClassError, message);
    });
  }
});

describe("JSON of compiled classes", () => {
  it("comes back as the JSON-RPC has it", () => {
    const parsed = parseCasmClass(casm);
    const json = casmClassJson(parsed);
    expect(parseCasmClass(json)).to.deep.equal(parsed);
    for (const part of ["prime", "bytecode", "hints", "bytecode_segment_lengths"])
      expect(json[part], part).to.deep.equal(casm[part]);
  });

  it("has no negative numbers for the JSON-RPC, and no segments where there is one", () => {
    const hint = { TestLessThan: { lhs: { Immediate: "-0x1" }, rhs: { Immediate: "0x5" } } };
    const parsed = parseCasmClass({
      ...casm,
      bytecode_segment_lengths: undefined,
      hints: [[0, [hint]]],
    });
    expect(parsed.bytecodeSegmentLengths).to.equal(parsed.bytecode.length);
    const json = casmClassJson(parsed);
    expect(json).not.to.have.property("bytecode_segment_lengths");
    expect(json["hints"]).to.deep.equal([
      [0, [{ TestLessThan: { lhs: { Immediate: toHex(P - 1n) }, rhs: { Immediate: "0x5" } } }]],
    ]);
  });

  const entryPoint = (changes: Json): Json => {
    const entry = { selector: "0x1", offset: 0, builtins: ["range_check"], ...changes };
    return { entry_points_by_type: { EXTERNAL: [entry], L1_HANDLER: [], CONSTRUCTOR: [] } };
  };
  for (const [what, changes, message] of [
    ["another prime", { prime: "0x11" }, /prime/],
    ["segments of another length", { bytecode_segment_lengths: [1, [2, 3]] }, /add up/],
    ["endless segments", { bytecode_segment_lengths: nested(1000) }, /nested too deeply/],
    ["an entry point outside", entryPoint({ offset: 1 << 30 }), /offset: expected a place/],
    ["an unknown builtin", entryPoint({ builtins: ["output"] }), /builtins: expected/],
    ["disordered builtins", entryPoint({ builtins: ["bitwise", "pedersen"] }), /in the order/],
    ["a repeated builtin", entryPoint({ builtins: ["pedersen", "pedersen"] }), /in the order/],
    ["a hint outside", { hints: [[1 << 30, []]] }, /hints\[0\]\[0\]: expected a place/],
    ["a hint that is a number", { hints: [[0, [7]]] }, /hints\[0\]\[1\]\[0\]: expected an object/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(() => parseCasmClass({ ...casm, ...changes })).to.throw(ClassError, message);
    });
  }

  it("is read or refused, whatever it is", () => {
    const part = fc.constantFrom(...Object.keys(casm));
    fc.assert(
      fc.property(part, fc.jsonValue({ maxDepth: 4 }), (name, value) => {
        try {
          parseCasmClass({ ...casm, [name]: value });
        } catch (error) {
          expect(error).to.be.instanceOf(ClassError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
