import { expect } from "chai";
import { keccak256 } from "../../src/hash/keccak.ts";
import { Channel, concatBytes, wordBytes } from "../../src/prover/channel/channel.ts";
import { fromMontgomery, R, R_INVERSE, toMontgomery } from "../../src/prover/montgomery.ts";
import { mul } from "../../src/field/felt.ts";
import { readShared, requireShared } from "../support/shared.ts";

interface Job {
  readonly proofParams: readonly string[];
  readonly publicInput: readonly string[];
  readonly proof: string;
}

/** Replays what a prover sent, up to the proof of work. */
function replay({ proofParams, publicInput, proof }: Job, elements: number, mask: number): boolean {
  const [, , powBits, logLast, stepCount] = proofParams.map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const bytes = Buffer.from(proof.slice(2), "hex");
  let at = 0;
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const channel = new Channel(
    keccak256(concatBytes(...publicInput.map((w) => wordBytes(BigInt(w))))),
  );
  channel.absorb(take(32)); // trace
  for (let i = 0; i < elements; i++) channel.drawFelt();
  channel.absorb(take(32)); // interaction
  channel.drawFelt();
  channel.absorb(take(32)); // composition
  channel.drawFelt();
  for (let i = 0; i < mask + 2; i++) channel.absorb(take(32));
  channel.drawFelt();
  for (let i = 1; i < stepCount; i++) {
    channel.absorb(take(32)); // FRI
    channel.drawFelt();
  }
  channel.absorb(take(32 << logLast));
  return channel.isProofOfWork(powBits, take(8));
}

describe("the channel", () => {
  it("leads to the proof of work of other provers' proofs", function () {
    const proofs = [
      ["small-2e13-stone-v1", 3, 201],
      ["starknet-2e21-stone-v1", 6, 269],
    ] as const;
    for (const [name, elements, mask] of proofs) {
      const path = `vectors/proofs/${name}.job.json.gz`;
      requireShared(this, path);
      const job = JSON.parse(readShared(path).toString()) as Job;
      expect(replay(job, elements, mask), name).to.equal(true);
      const [first, ...rest] = job.publicInput;
      const changed = [`0x${(BigInt(first!) + 1n).toString(16)}`, ...rest];
      expect(replay({ ...job, publicInput: changed }, elements, mask), name).to.equal(false);
    }
  });

  it("draws distinct queries in ascending order", () => {
    const channel = new Channel(keccak256(new Uint8Array(0)));
    const queries = channel.drawQueries(40, 5);
    expect(queries).to.deep.equal([...new Set(queries)].sort((a, b) => a - b));
    expect(queries.length).to.be.below(33);
    expect(Math.max(...queries)).to.be.below(32);
  });

  it("knows Montgomery form", () => {
    expect(mul(R, R_INVERSE)).to.equal(1n);
    expect(fromMontgomery(toMontgomery(12345n))).to.equal(12345n);
  });
});
