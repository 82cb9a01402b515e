import { expect } from "chai";
import { shortString } from "../../../src/field/short-string.ts";
import { formatPanicData } from "../../../src/starknet/execution/panic-data.ts";

// Inputs and texts as in the tests of Cairo's own runner (cairo-lang-test-plugin, `test_format_for_panic`).
const MAGIC = 0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n;
const MAGIC_TEXT = "0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3";
const text = (value: string): bigint => BigInt(`0x${Buffer.from(value, "latin1").toString("hex")}`);

const cases: [string, bigint[], string][] = [
  ["a short string", [text("hello")], "0x68656c6c6f ('hello')"],
  ["a number", [1n], "0x1"],
  [
    "a ByteArray of less than a word",
    [MAGIC, 0n, text("short, but string"), 17n],
    '"short, but string"',
  ],
  [
    "a ByteArray of more than a word",
    [MAGIC, 1n, text("This is a long string with more"), text(" than 31 characters."), 20n],
    '"This is a long string with more than 31 characters."',
  ],
  ["the magic alone", [MAGIC], MAGIC_TEXT],
  ["too many words", [MAGIC, 0x100000000n], `(${MAGIC_TEXT}, 0x100000000)`],
  ["nothing after the number of words", [MAGIC, 0n], `(${MAGIC_TEXT}, 0x0 (''))`],
  ["too few words", [MAGIC, 1n, 0n, 0n], `(${MAGIC_TEXT}, 0x1, 0x0 (''), 0x0 (''))`],
  [
    "a word of more than 31 bytes",
    [MAGIC, 1n, 0x161616161616161616161616161616161616161616161616161616161616161n, 0n, 0n],
    `(${MAGIC_TEXT}, 0x1, 0x161616161616161616161616161616161616161616161616161616161616161, ` +
      "0x0 (''), 0x0 (''))",
  ],
  [
    "too many pending bytes",
    [MAGIC, 0n, 0n, 0x100000000n],
    `(${MAGIC_TEXT}, 0x0 (''), 0x0 (''), 0x100000000)`,
  ],
  ["a pending word that starts with zeros", [MAGIC, 0n, text("a"), 2n], '"\\0a"'],
  [
    "a pending word that is too long",
    [MAGIC, 0n, text("aa"), 1n],
    `(${MAGIC_TEXT}, 0x0 (''), 0x6161 ('aa'), 0x1)`,
  ],
  ["a zero byte inside", [MAGIC, 0n, text("Hello\0world"), 11n], '"Hello\\0world"'],
  ["an unprintable byte inside", [MAGIC, 0n, text("Hello\x11world"), 11n], '"Hello\\x11world"'],
  ["a newline inside", [MAGIC, 0n, text("Hello\nworld"), 11n], '"Hello\nworld"'],
  [
    "several values",
    [0x9999n, MAGIC, 0n, text("hello"), 5n, text("world"), 0x8888n],
    "(0x9999, \"hello\", 0x776f726c64 ('world'), 0x8888)",
  ],
];

describe("panic data", () => {
  for (const [name, data, expected] of cases) {
    it(`shows ${name}`, () => expect(formatPanicData(data)).to.equal(expected));
  }

  it("is written no further than somebody looks", () => {
    const array = [MAGIC, 1n, text("This is a long string with more"), text(" than"), 5n];
    const data = Array.from({ length: 50 }, () => [7n, ...array]).flat();
    for (const some of [data, data.slice(1), array, [1n]]) {
      const whole = formatPanicData(some);
      for (const length of [0, 1, 30, 100, 1_000]) {
        const written = formatPanicData(some, length);
        expect(written.slice(0, length)).to.equal(whole.slice(0, length));
        expect(written.length).to.be.lessThan(length + 100);
      }
    }
  });

  it("shows what blockifier showed for one felt", () => {
    expect(formatPanicData([shortString("fail")])).to.equal("0x6661696c ('fail')");
  });
});
