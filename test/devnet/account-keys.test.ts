import { expect } from "chai";
import { accountKeys } from "../../src/devnet/account-keys.ts";

describe("keys of the predeployed accounts", () => {
  it("are starknet-devnet's for seed 0", () => {
    // Printed by `starknet-devnet --seed 0`, all versions.
    expect(accountKeys(0, 2)).to.deep.equal([
      0x71d7bb07b9a64f6f78ac4c816aff4da9n,
      0xe1406455b7d66b1690803be066cbe5en,
    ]);
  });

  it("do not depend on how many are asked for", () => {
    expect(accountKeys(7, 3)).to.deep.equal(accountKeys(7, 255).slice(0, 3));
    expect(new Set(accountKeys(7, 255)).size).to.equal(255);
  });
});
