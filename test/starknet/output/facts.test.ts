import { expect } from "chai";
import { keccak256, solidityPacked, solidityPackedKeccak256 } from "ethers";
import {
  onchainDataHash,
  PAGE_SIZE,
  settlementFact,
  sharpFact,
  stateTransitionFact,
} from "../../../src/starknet/output/facts.ts";
import { keccakWords } from "../../../src/starknet/output/words.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";

const words = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i) ** 9n);
const packedHash = (values: readonly bigint[]): bigint =>
  BigInt(solidityPackedKeccak256(["uint256[]"], [values]));

describe("facts", () => {
  it("hash words as Solidity does", () => {
    for (const count of [0, 1, 17, 200]) {
      expect(keccakWords(words(count))).to.equal(
        BigInt(keccak256(solidityPacked(["uint256[]"], [words(count)]))),
      );
    }
  });

  it("make a node of the data's pages, even of a single one", () => {
    const one = words(PAGE_SIZE);
    const two = words(PAGE_SIZE + 1);
    expect(onchainDataHash(one, 12)).to.equal(packedHash([packedHash(one), 3812n]) + 1n);
    expect(onchainDataHash(two, 12)).to.equal(
      packedHash([packedHash(one), 3812n, packedHash(two.slice(PAGE_SIZE)), 3813n]) + 1n,
    );
  });

  it("tell outputs apart", () => {
    const facts = [
      settlementFact(1n, [2n, 3n], [4n]),
      settlementFact(5n, [2n, 3n], [4n]),
      settlementFact(1n, [2n], [3n, 4n]),
      settlementFact(1n, [2n, 3n, 4n], []),
      sharpFact(1n, stateTransitionFact([2n, 3n], 4n, 1)),
    ];
    expect(new Set(facts).size).to.equal(facts.length);
  });

  // sepolia_924016.zip of madara-alliance/madara@e6743217 (orchestrator/src/tests/artifacts) is the
  // whole run of the OS; `test_fact_info` of that project (fact_info.rs) expects this fact. The
  // hash of the zip's program (14948 words, main 15318 with 11 builtins) is the Pedersen chain of
  // starknet-formulas §6.
  it("of Sepolia block 924016 is the one that Madara's orchestrator computes", function () {
    const path = "vectors/starknet/os/snos-output-calldata-da.json";
    requireShared(this, path);
    const { output, pages } = readSharedJson<{
      output: string[];
      pages: { 1: { start: number } };
    }>(path);
    const main = output.slice(0, pages[1].start).map(BigInt);
    const stateDiff = output.slice(pages[1].start).map(BigInt);
    const programHash = 0x6228ae335151708cc9290c9940dc17f14f870056c1ae919af238e247d500ad4n;
    expect(settlementFact(programHash, main, stateDiff)).to.equal(
      0x033144ad6b132b1012f15e50aa53de1ed91b3b1af729014c3f1c00b702f972ean,
    );
  });
});
