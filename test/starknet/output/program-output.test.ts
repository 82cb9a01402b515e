import { expect } from "chai";
import fc from "fast-check";
import type { Felt } from "../../../src/field/felt.ts";
import { P } from "../../../src/field/felt.ts";
import {
  decodeProgramOutput,
  encodeProgramOutput,
  HEADER_SIZE,
  type ProgramOutput,
} from "../../../src/starknet/output/program-output.ts";
import { MalformedOutputError } from "../../../src/starknet/output/word-reader.ts";
import { feltArbitrary } from "../../support/felts.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";

const payload = fc.array(feltArbitrary, { maxLength: 5 });
const messageToL1 = fc.record({ fromAddress: feltArbitrary, toAddress: feltArbitrary, payload });
const messageToL2 = fc.record({
  fromAddress: feltArbitrary,
  toAddress: feltArbitrary,
  nonce: feltArbitrary,
  selector: feltArbitrary,
  payload,
});
const outputs: fc.Arbitrary<ProgramOutput> = fc.record({
  prevRoot: feltArbitrary,
  newRoot: feltArbitrary,
  prevBlockNumber: fc.integer({ min: -1 }),
  newBlockNumber: fc.nat(),
  prevBlockHash: feltArbitrary,
  newBlockHash: feltArbitrary,
  osProgramHash: feltArbitrary,
  configHash: feltArbitrary,
  fullOutput: fc.boolean(),
  messagesToL1: fc.array(messageToL1, { maxLength: 4 }),
  messagesToL2: fc.array(messageToL2, { maxLength: 4 }),
});

const first: ProgramOutput = {
  prevRoot: 1n,
  newRoot: 2n,
  prevBlockNumber: -1,
  newBlockNumber: 0,
  prevBlockHash: 3n,
  newBlockHash: 4n,
  osProgramHash: 0n,
  configHash: 5n,
  fullOutput: false,
  messagesToL1: [{ fromAddress: 6n, toAddress: 7n, payload: [8n] }],
  messagesToL2: [{ fromAddress: 9n, toAddress: 10n, nonce: 11n, selector: 12n, payload: [] }],
};

describe("program output", () => {
  it("has the words that the core contract reads", () => {
    expect(encodeProgramOutput(first)).to.deep.equal([
      ...[1n, 2n, P - 1n, 0n, 3n, 4n, 0n, 5n, 0n, 0n],
      ...[4n, 6n, 7n, 1n, 8n],
      ...[5n, 9n, 10n, 11n, 12n, 0n],
    ]);
  });

  it("comes back from its words, with the state diff behind it", () => {
    fc.assert(
      fc.property(outputs, fc.array(feltArbitrary, { maxLength: 8 }), (output, stateDiff) => {
        const main = encodeProgramOutput(output);
        const decoded = decodeProgramOutput([...main, ...stateDiff]);
        expect(decoded).to.deep.equal({ output, mainSize: main.length, stateDiff });
      }),
    );
  });

  it("is refused when its main part is cut", () => {
    fc.assert(
      fc.property(outputs, fc.nat(), (output, cut) => {
        const main = encodeProgramOutput(output);
        const words = main.slice(0, cut % main.length);
        expect(() => decodeProgramOutput(words)).to.throw(MalformedOutputError);
      }),
    );
  });

  const changed = (index: number, word: Felt): Felt[] =>
    encodeProgramOutput(first).with(index, word);

  it("is refused with sizes, flags and numbers that cannot be", () => {
    const cases: [Felt[], RegExp][] = [
      [changed(2, 1n << 60n), /previous block number: .* too large/],
      [changed(3, P - 1n), /new block number: .* too large/],
      [changed(8, 1n), /in blobs/],
      [changed(8, 2n), /KZG flag: 0 or 1 expected/],
      [changed(9, 2n), /full output flag: 0 or 1 expected/],
      [changed(HEADER_SIZE, 3n), /payload: 1 words expected/],
      [changed(HEADER_SIZE, P - 1n), /size of messages to L1: .* too large/],
      [changed(HEADER_SIZE + 3, 2n), /payload: 2 words expected/],
    ];
    for (const [words, message] of cases) {
      expect(() => decodeProgramOutput(words)).to.throw(MalformedOutputError, message);
    }
    for (const newBlockNumber of [-1, 0.5, 2 ** 53]) {
      expect(() => encodeProgramOutput({ ...first, newBlockNumber })).to.throw(RangeError);
    }
  });

  describe("of Sepolia block 924016, by the OS itself", () => {
    const path = "vectors/starknet/os/snos-output-calldata-da.json";
    let words: Felt[];

    before(function () {
      requireShared(this, path);
      words = readSharedJson<{ output: string[] }>(path).output.map(BigInt);
    });

    it("decodes: the numbers, no messages, the hash of the tenth block before as only change", function () {
      const { output, mainSize, stateDiff } = decodeProgramOutput(words);
      expect(output.prevBlockNumber).to.equal(924015);
      expect(output.newBlockNumber).to.equal(924016);
      expect(output.fullOutput).to.equal(true);
      expect(output.messagesToL1).to.deep.equal([]);
      expect(output.messagesToL2).to.deep.equal([]);
      // Contract 1 maps block numbers to hashes; the full form has previous values.
      const [contracts, address, , , , , updates, key, before] = stateDiff;
      expect([contracts, address, updates, key, before]).to.deep.equal([1n, 1n, 1n, 924006n, 0n]);
      expect(mainSize).to.equal(12);
      expect([...encodeProgramOutput(output), ...stateDiff]).to.deep.equal(words);
    });

    it("has the config hash of Sepolia", function () {
      const hashes = "vectors/starknet/os/os_config_hash.cairo-lang-0.14.0.1.json";
      requireShared(this, hashes);
      expect(decodeProgramOutput(words).output.configHash).to.equal(
        BigInt(readSharedJson<Record<string, string>>(hashes)["TESTNET_SEPOLIA"]!),
      );
    });
  });
});
