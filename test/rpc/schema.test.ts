import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../src/field/felt.ts";
import { formatTransaction } from "../../src/rpc/format/transaction.ts";
import { parseJson, stringifyJson } from "../../src/rpc/json.ts";
import { blockId } from "../../src/rpc/schema/block-id.ts";
import { address, ethAddress, felt, storageKey, u128, u64 } from "../../src/rpc/schema/numbers.ts";
import {
  array,
  object,
  oneOfTexts,
  oneOrMany,
  optional,
  type Schema,
  SchemaError,
} from "../../src/rpc/schema/schema.ts";
import { broadcast } from "../../src/rpc/schema/transaction.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const problem = (schema: Schema<unknown>, value: unknown): string => {
  try {
    schema.parse(value);
  } catch (error) {
    expect(error).to.be.instanceOf(SchemaError);
    return (error as Error).message;
  }
  return expect.fail(`accepted ${JSON.stringify(value)}`);
};

describe("rpc/schema", () => {
  it("reads felts, zero-padded ones too, up to P - 1", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, P - 1n), fc.nat(64), (value, width) => {
        const digits = value.toString(16);
        expect(
          felt.parse(`0x${digits.padStart(Math.min(64, Math.max(width, digits.length)), "0")}`),
        ).to.equal(value);
        expect(felt.parse(`0x${digits.toUpperCase()}`)).to.equal(value);
      }),
    );
    expect(felt.parse(`0x${(P - 1n).toString(16)}`)).to.equal(P - 1n);
    for (const text of [
      `0x${P.toString(16)}`,
      "0x",
      "",
      "1",
      "0X1",
      "0x1 ",
      " 0x1",
      "0x-1",
      "0xg",
      "0x1n",
      "0x1_0",
      `0x${"0".repeat(65)}`,
      1,
      1n,
      null,
      undefined,
      [],
      {},
    ]) {
      expect(problem(felt, text)).to.include("a felt");
    }
  });

  it("bounds numbers by their widths", () => {
    const bounds: [Schema<bigint>, bigint][] = [
      [u64, 1n << 64n],
      [u128, 1n << 128n],
      [address, 1n << 251n],
      [storageKey, 1n << 251n],
      [ethAddress, 1n << 160n],
    ];
    for (const [schema, bound] of bounds) {
      expect(schema.parse(`0x${(bound - 1n).toString(16)}`)).to.equal(bound - 1n);
      expect(problem(schema, `0x${bound.toString(16)}`)).to.match(/^expected/);
    }
  });

  it("reads block ids", () => {
    expect(blockId.parse("latest")).to.deep.equal({ kind: "tag", tag: "latest" });
    expect(blockId.parse({ block_number: 0 })).to.deep.equal({ kind: "number", number: 0 });
    expect(blockId.parse({ block_hash: "0x0A" })).to.deep.equal({ kind: "hash", hash: 10n });
    for (const value of [
      "pending",
      "",
      5,
      null,
      {},
      [],
      { block_number: "0x1" },
      { block_number: 1.5 },
      { block_number: -1 },
      { block_number: 2 ** 53 },
      { block_number: 1, block_hash: "0x1" },
      { __proto__: { block_number: 1 } },
    ]) {
      expect(problem(blockId, value)).to.include("a block id");
    }
    expect(problem(blockId, { block_hash: 5 })).to.match(/^block_hash: expected a felt/);
  });

  it("says at which path a value does not fit", () => {
    const schema = object({
      list: array(object({ kind: oneOfTexts("a", "b"), n: optional(felt) }), 3),
      some: oneOrMany(felt, 2),
    });
    expect(schema.parse({ list: [{ kind: "a", n: null }], some: "0x1", more: 1 })).to.deep.equal({
      list: [{ kind: "a", n: undefined }],
      some: [1n],
    });
    expect(problem(schema, { list: [{ kind: "a" }, { kind: "c" }] })).to.equal(
      'list[1].kind: expected "a" or "b", got "c"',
    );
    expect(problem(schema, { list: [{ kind: "a", n: 7 }] })).to.match(
      /^list\[0\]\.n: expected a felt/,
    );
    expect(problem(schema, { list: [1, 2, 3, 4] })).to.equal(
      "list: expected at most 3 elements, got 4",
    );
    expect(problem(schema, { list: [], some: ["0x1", "x"] })).to.match(
      /^some\[1\]: expected a felt.*got "x"$/,
    );
    expect(problem(schema, { list: {} })).to.match(/^list: expected an array .*, got an object$/);
    expect(problem(schema, { list: "x".repeat(1000) }).length).to.be.below(400);
  });

  it("does not take inherited members for parameters", () => {
    expect(problem(object({ toString: felt }), {})).to.match(/^toString: missing/);
    const schema = object({ a: felt }, { unknown: "refuse" });
    expect(problem(schema, JSON.parse('{"a":"0x1","__proto__":1}'))).to.equal(
      'unknown "__proto__", expected a',
    );
  });

  it("reads pathfinder's broadcast transactions of version 3, and writes them back", function () {
    const path = "vectors/starknet/rpc/pathfinder-0.10.0/broadcasted_transactions.json";
    requireShared(this, path);
    const all = readSharedJson<Record<string, unknown>[]>(path).filter(({ version }) =>
      (version as string).endsWith("3"),
    );
    expect(all.length).to.be.greaterThan(1);
    for (const json of all) {
      const { contract_class, proof, ...fields } = json;
      // Not a class that a compiler wrote: its ABI is no list, and its program is a few felts.
      if (contract_class !== undefined) continue;
      const { transaction } = broadcast.parse(json);
      const written = formatTransaction({
        classHash: 0n,
        senderAddress: 0n,
        ...transaction,
        hash: 0n,
      } as never);
      const { proof_facts, ...expected } = fields;
      expect([proof, proof_facts]).to.satisfy((pair: unknown[]) => pair.length === 2);
      expect(written).to.deep.equal(expected);
    }
  });

  it("keeps every integer of JSON exactly", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(1n << 260n), max: 1n << 260n }),
        fc.constantFrom("", " ", "\n"),
        (value, space) => {
          const [parsed] = parseJson(`[${space}${value}${space}]`) as [bigint | number];
          expect(BigInt(parsed)).to.equal(value);
          expect(stringifyJson([parsed])).to.equal(`[${value}]`);
        },
      ),
    );
    // Whatever stands beside it, and however long the text is.
    const filler = JSON.stringify(['\\\\"', ["1234567890123456789", 1.5], "x".repeat(1 << 16)]);
    for (const [text, value] of [
      ["1e21", 10n ** 21n],
      ["12345678901234567.5e1", 123456789012345675n],
    ] as const)
      expect(parseJson(`{"a":${filler},"__proto__":[${text}]}`)).to.deep.equal(
        JSON.parse(`{"a":${filler},"__proto__":[0]}`, (_key, member: unknown) =>
          member === 0 ? value : member,
        ),
      );
    for (const text of ["{12345678901234567890:1}", "[012345678901234567890]", "[1e21"])
      expect(() => parseJson(text), text).to.throw(SyntaxError);
    fc.assert(
      fc.property(fc.json(), (text) => {
        const again: unknown = JSON.parse(stringifyJson(parseJson(text)));
        expect(JSON.stringify(again)).to.equal(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
