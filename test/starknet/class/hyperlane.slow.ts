/** Every class of `@hyperlane-xyz/starknet-core`, compiled here and by its makers. */
import { expect } from "chai";
import { compiledClassHash } from "../../../src/starknet/class/compiled-class-hash.ts";
import { SierraCompiler } from "../../../src/starknet/class/compiler/compile.ts";
import { expectSameCasm } from "./support/same-casm.ts";
import { hyperlaneClass, hyperlaneNames } from "./support/hyperlane.ts";

describe("Sierra compiler on production classes", function () {
  this.timeout(600_000);
  const compiler = new SierraCompiler();
  after(() => compiler.close());

  it("gives the CASM that was published with them", async () => {
    const names = hyperlaneNames();
    for (const name of names) {
      const { sierra, casm } = await hyperlaneClass(name);
      const compiled = await compiler.compile(sierra);
      expect(compiledClassHash(compiled), name).to.equal(compiledClassHash(casm));
      expectSameCasm(compiled, casm);
    }
    expect(names).to.have.length.greaterThan(90);
  });
});
