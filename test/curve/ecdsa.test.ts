import * as peer from "@scure/starknet";
import { expect } from "chai";
import fc from "fast-check";
import { generateNonce, publicKey, sign, verify } from "../../src/curve/ecdsa.ts";
import { ORDER } from "../../src/curve/stark.ts";
import { poseidonMany } from "../../src/hash/poseidon.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const VECTORS = "vectors/starknet/crypto";
const keyArbitrary = fc.bigInt(1n, ORDER - 1n);
const hashArbitrary = fc.oneof(
  fc.bigInt(0n, (1n << 251n) - 1n),
  // Hashes one nibble short of whole bytes take another way into the nonce.
  fc.bigInt(1n << 247n, (1n << 248n) - 1n),
  fc.bigInt(0n, 1n << 64n),
);

describe("ECDSA on the STARK curve", () => {
  it("signs as @scure/starknet does, and verifies its own signatures", () => {
    fc.assert(
      fc.property(hashArbitrary, keyArbitrary, (hash, key) => {
        // Where the generator's output begins with a zero byte, the peer drops that byte before it takes the leftmost
        // 252 bits; cairo-lang's signer, and RFC 6979, do not. Both signatures are good; they are not the same.
        fc.pre(generateNonce(hash, key) >= 1n << 244n);
        const { r, s } = sign(hash, key);
        const expected = peer.sign(hash.toString(16), key.toString(16).padStart(64, "0"));
        expect({ r, s }).to.deep.equal({ r: expected.r, s: expected.s });
        expect(verify(hash, r, s, publicKey(key))).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it("takes a nonce that begins with a zero byte as RFC 6979 does", () => {
    expect(generateNonce(7n, 32n) < 1n << 244n).to.equal(true);
    const { r, s } = sign(7n, 32n);
    expect(
      peer.verify(new peer.Signature(r, s), "7", peer.getPublicKey("20".padStart(64, "0"))),
    ).to.equal(true);
  });

  it("rejects what was changed after signing", () => {
    const key = 0x1234n;
    const x = publicKey(key);
    const { r, s } = sign(77n, key);
    expect(verify(77n, r, s, x)).to.equal(true);
    expect(verify(78n, r, s, x)).to.equal(false);
    expect(verify(77n, r + 1n, s, x)).to.equal(false);
    expect(verify(77n, r, s + 1n, x)).to.equal(false);
    expect(verify(77n, r, s, publicKey(key + 1n))).to.equal(false);
  });

  it("rejects values out of range", () => {
    const x = publicKey(5n);
    const { r, s } = sign(1n, 5n);
    for (const bad of [0n, -1n, 1n << 251n, 1n << 300n]) {
      expect(verify(1n, bad, s, x)).to.equal(false);
    }
    for (const bad of [0n, -1n, ORDER, s + ORDER]) expect(verify(1n, r, bad, x)).to.equal(false);
    expect(verify(1n << 251n, r, s, x)).to.equal(false);
    expect(() => sign(1n << 251n, 5n)).to.throw(RangeError, '"messageHash" expected');
    expect(() => sign(1n, 0n)).to.throw(RangeError, '"privateKey" expected');
    expect(() => publicKey(ORDER)).to.throw(RangeError, '"privateKey" expected');
  });

  describe("published vectors", () => {
    before(function () {
      requireShared(this, VECTORS);
    });

    it("public keys", () => {
      const keys = readSharedJson<Record<string, string>>(`${VECTORS}/keys_precomputed.json`);
      for (const [key, expected] of Object.entries(keys)) {
        expect(publicKey(BigInt(key))).to.equal(BigInt(expected));
      }
    });

    for (const file of ["rfc6979_padded.json", "rfc6979_not_padded.json"]) {
      it(`nonces: ${file}`, () => {
        type Case = { msg_hash: string; priv_key: string; seed: string; k: string };
        const cases = readSharedJson<Case[]>(`${VECTORS}/${file}`);
        expect(cases).to.have.length.above(0);
        for (const { msg_hash, priv_key, seed, k } of cases) {
          const [hash, key, extra] = [msg_hash, priv_key, seed].map((x) => BigInt(`0x${x}`));
          expect(generateNonce(hash!, key!, extra)).to.equal(BigInt(`0x${k}`));
        }
      });
    }

    it("signatures", () => {
      type File = { private_key: string; messages: { hash: string; r: string; s: string }[] };
      const file = readSharedJson<File>(`${VECTORS}/rfc6979_signature_test_vector.json`);
      expect(file.messages).to.have.length.above(0);
      for (const { hash, r, s } of file.messages) {
        expect(sign(BigInt(hash), BigInt(file.private_key))).to.deep.equal({
          r: BigInt(r),
          s: BigInt(s),
        });
      }
    });

    it("verification", () => {
      type Case = {
        message?: string;
        message_parts?: string[];
        public_key: string;
        r: string;
        s: string;
        expected: boolean;
      };
      const file = readSharedJson<{ verify: Case[]; block_signature: Case[] }>(
        `${VECTORS}/ecdsa.json`,
      );
      for (const c of [...file.verify, ...file.block_signature]) {
        const hash = c.message ? BigInt(c.message) : poseidonMany(c.message_parts!.map(BigInt));
        expect(verify(hash, BigInt(c.r), BigInt(c.s), BigInt(c.public_key))).to.equal(c.expected);
      }
    });

    it("block signatures of live networks", () => {
      type Case = {
        public_key: string;
        block_hash: string;
        signature: [string, string];
        expected: boolean;
      };
      const { cases } = readSharedJson<{ cases: Case[] }>(`${VECTORS}/block_signatures.json`);
      expect(cases).to.have.length.above(0);
      for (const { public_key, block_hash, signature, expected } of cases) {
        const [r, s] = signature.map(BigInt);
        expect(verify(BigInt(block_hash), r!, s!, BigInt(public_key))).to.equal(expected);
      }
    });
  });
});
