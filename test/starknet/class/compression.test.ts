/** Compression of Sierra programs, and the branch targets in them. */
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../../src/field/felt.ts";
import { packProgram, unpackProgram } from "../../../src/starknet/class/compiler/compression.ts";
import { narrowFallThrough } from "../../../src/starknet/class/compiler/fall-through.ts";
import { ClassError } from "../../../src/starknet/class/errors.ts";
import { hyperlaneClass } from "./support/hyperlane.ts";
import { compressed } from "./support/sierra-program.ts";

describe("compression of Sierra programs", () => {
  it("is undone by decompression", () => {
    const felts = fc.array(fc.bigInt(0n, P - 1n), { maxLength: 700 });
    fc.assert(
      fc.property(felts, fc.array(fc.nat(), { maxLength: 200 }), (dictionary, choices) => {
        const places = dictionary.length === 0 ? [] : choices.map((n) => n % dictionary.length);
        const codes = Uint32Array.from(places);
        const program = unpackProgram(packProgram({ dictionary, codes }));
        expect(program.dictionary).to.deep.equal(dictionary);
        expect([...program.codes]).to.deep.equal([...codes]);
      }),
    );
  });

  it("is the compiler's own", async () => {
    for (const name of ["contracts_MockParadexDex", "token_HypErc20"]) {
      const program = (await hyperlaneClass(name)).sierra.sierraProgram.slice(6);
      expect(packProgram(unpackProgram(program))).to.deep.equal(program);
    }
  });

  it("reads anything without a failure of its own", () => {
    const size = fc.oneof(fc.bigInt(0n, 600n), fc.bigInt(0n, P - 1n));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 20 }), (felts) => {
        try {
          narrowFallThrough([1n, 7n, 0n, 2n, 12n, 0n, ...felts]);
        } catch (error) {
          expect(error).to.be.instanceOf(ClassError);
        }
      }),
    );
  });
});

describe("branch targets of Sierra programs", () => {
  const NARROW = (1n << 32n) - 1n;
  const WIDE = (1n << 64n) - 1n;
  const feltsOf = (program: readonly bigint[]): bigint[] => {
    const { dictionary, codes } = unpackProgram(program.slice(6));
    return Array.from(codes, (code) => dictionary[code]!);
  };
  /** One libfunc with a constant, invoked once with one branch. */
  const program = (constant: bigint, target: bigint): bigint[] =>
    compressed([0n, 1n, 9n, 1n, 2n, constant, 2n, 0n, 0n, 0n, 1n, target, 0n, 1n, 0n, 0n]);

  it("change alone, and only where they fall through", () => {
    expect(feltsOf(narrowFallThrough(program(WIDE, WIDE)))).to.deep.equal(
      feltsOf(program(WIDE, NARROW)),
    );
    expect(feltsOf(narrowFallThrough(program(WIDE, 1n)))).to.deep.equal(feltsOf(program(WIDE, 1n)));
    expect(feltsOf(narrowFallThrough(program(NARROW, 1n)))).to.deep.equal(
      feltsOf(program(NARROW, 1n)),
    );
  });

  it("may not be what a 32-bit compiler takes for falling through", () => {
    expect(() => narrowFallThrough(program(7n, NARROW))).to.throw(ClassError, /leads out/);
  });
});
