/** Every production class of `@hyperlane-xyz/starknet-core`, declared over the devnet's JSON-RPC. */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { TestDevnet } from "../support/devnet.ts";
import { declareProductionClass } from "./hyperlane.ts";

const SUFFIX = ".contract_class.js";

describe("all of Hyperlane's classes on the devnet", function () {
  this.timeout(1_800_000);

  it("are declared, and shown as they hash to", async () => {
    const devnet = await TestDevnet.start({ initialBalance: 10n ** 27n });
    const folder = new URL("artifacts/", import.meta.resolve("@hyperlane-xyz/starknet-core"));
    const names = readdirSync(folder).flatMap((file) =>
      file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : [],
    );
    const classes = new Set<bigint>();
    for (const name of names) classes.add(await declareProductionClass(devnet, name));
    expect(names).to.have.length.greaterThan(90);
    expect(await devnet.blockNumber()).to.equal(classes.size);
    await devnet.close();
  });
});
