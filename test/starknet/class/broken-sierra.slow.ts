/** Classes broken below the compression, where the compiler itself has to notice. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import type { CasmClass } from "../../../src/starknet/class/casm.ts";
import { SierraCompiler } from "../../../src/starknet/class/compiler/compile.ts";
import { unpackProgram } from "../../../src/starknet/class/compiler/compression.ts";
import { ClassError } from "../../../src/starknet/class/errors.ts";
import { parseSierraClass } from "../../../src/starknet/class/sierra.ts";
import { compressed } from "./support/sierra-program.ts";

describe("Sierra compiler given changed programs", function () {
  this.timeout(600_000);
  const compiler = new SierraCompiler();
  after(() => compiler.close());

  for (const name of ["account", "bridge"]) {
    it(`compiles or refuses any change of ${name}, in bounded time`, async () => {
      const file = new URL(
        `../../../contracts/cairo/artifacts/${name}.sierra.json`,
        import.meta.url,
      );
      const sierra = parseSierraClass(JSON.parse(readFileSync(file, "utf8")));
      const { dictionary, codes } = unpackProgram(sierra.sierraProgram.slice(6));
      const felts = Array.from(codes, (code) => dictionary[code]!);
      const powers = [8, 15, 16, 31, 32, 63, 64, 128, 250].map((power) => 1n << BigInt(power));
      const felt = fc.oneof(
        fc.bigInt(0n, 6n),
        fc.constantFrom(...dictionary),
        fc.constantFrom(...powers, ...powers.map((power) => power - 1n)),
      );
      const change = fc.record({ at: fc.nat(felts.length - 1), felt });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const program = [...felts];
          for (const { at, felt } of changes) program[at] = felt;
          const outcome = await compiler
            .compile({ ...sierra, sierraProgram: compressed(program) })
            .catch((error: unknown) => error as CasmClass | ClassError);
          if (!(outcome instanceof ClassError))
            expect(outcome.bytecode).to.have.length.greaterThan(0);
        }),
        { numRuns: 400 },
      );
    });
  }
});
