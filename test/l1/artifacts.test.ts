import { expect } from "chai";
import { AbiCoder, ZeroAddress } from "ethers";
import {
  contractInterface,
  creationCode,
  L1_CONTRACTS,
  l1Artifact,
} from "../../src/l1/artifacts.ts";
import { artifact } from "../contracts/support/core.ts";

describe("artifacts of L1", () => {
  for (const name of L1_CONTRACTS) {
    it(`${name} is the contract that the sources build to`, async () => {
      const { abi, bytecode } = await artifact(name);
      expect(l1Artifact(name).abi).to.deep.equal(abi);
      expect(l1Artifact(name).bytecode).to.equal(bytecode);
    });
  }

  it("puts the constructor's arguments behind the code", () => {
    const owner = "0x00000000000000000000000000000000000000AA";
    const { bytecode } = l1Artifact("UnprovenFactRegistry");
    const words = AbiCoder.defaultAbiCoder().encode(["address"], [owner]);
    expect(creationCode("UnprovenFactRegistry", [owner])).to.equal(bytecode + words.slice(2));
  });

  it("refuses arguments that are not the constructor's", () => {
    expect(() => creationCode("UnprovenFactRegistry")).to.throw(/types\/values length mismatch/);
    expect(() => creationCode("StarknetCore", [1n, 0n, ZeroAddress])).to.throw(/length mismatch/);
  });

  it("has the functions that settle", () => {
    const updates = ["updateState", "updateStateCalldataDA"];
    const names = updates.map((name) => contractInterface("StarknetCore").getFunction(name)?.name);
    expect(names).to.deep.equal(updates);
  });
});
