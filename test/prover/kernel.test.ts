import { expect } from "chai";
import { add, type Felt, inv, mul, pow, sub } from "../../src/field/felt.ts";
import { keccak256 } from "../../src/hash/keccak.ts";
import { wordBytes } from "../../src/prover/channel/channel.ts";
import {
  CONSTANT_BYTES,
  type KernelVariant,
  PAIR_BYTES,
  ProverKernel,
} from "../../src/prover/kernel.ts";
import { toMontgomery } from "../../src/prover/montgomery.ts";
import { powers, rootOfUnity } from "../../src/prover/roots.ts";
import { twiddles } from "../../src/prover/work/transform.ts";

const random = (i: number): Felt => pow(7n, BigInt(123 + 17 * i));
const reversed = (i: number, bits: number): number =>
  [...Array(bits).keys()].reduce((r, b) => r | (((i >> b) & 1) << (bits - 1 - b)), 0);
const horner = (coefficients: readonly Felt[], x: Felt): Felt =>
  coefficients.reduceRight((value, c) => add(mul(value, x), c), 0n);
const toPairs = (list: readonly Felt[]): [Felt, Felt][] =>
  list.slice(0, list.length / 2).map((x, i) => [x, list[list.length / 2 + i]!]);
const fromPairs = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] => [
  ...pairs.map(([x]) => x),
  ...pairs.map(([, y]) => y),
];

for (const variant of ["fma", "scalar"] satisfies KernelVariant[])
  describe(`the prover's kernel, ${variant}`, () => {
    const kernel = new ProverKernel(variant);
    const { exports } = kernel;

    it("keeps edge values", () => {
      const edges = [0n, 1n, -1n, 2n, -2n, 1n << 250n, 1n << 192n].map((x) =>
        add(x < 0n ? sub(0n, -x) : x, 0n),
      );
      const pairs = edges.map((x): [Felt, Felt] => [x, edges[0]!]);
      kernel.scoped(() => {
        expect(kernel.readPairs(kernel.pairs(pairs), pairs.length)).to.deep.equal(pairs);
      });
    });

    it("transforms between values and coefficients", () => {
      for (const log of [1, 2, 3, 5, 8]) {
        const n = 1 << log;
        const coefficients = Array.from({ length: n }, (_, i) => random(i));
        const values = powers(rootOfUnity(n), n).map((x) => horner(coefficients, x));
        const inOrder = coefficients.map((_, i) => coefficients[reversed(i, log)]!);
        kernel.scoped(() => {
          const table = twiddles(kernel, log);
          const p = kernel.pairs(toPairs(inOrder));
          exports.evaluate(p, log, table);
          expect(fromPairs(kernel.readPairs(p, n / 2)), `evaluate 2^${log}`).to.deep.equal(values);
          exports.interpolate(p, log, table);
          expect(fromPairs(kernel.readPairs(p, n / 2)), `interpolate 2^${log}`).to.deep.equal(
            inOrder.map((x) => mul(x, BigInt(n))),
          );
        });
      }
    });

    it("inverts lists", () => {
      const list = Array.from({ length: 9 }, (_, i): [Felt, Felt] => [random(i), random(50 + i)]);
      kernel.scoped(() => {
        const a = kernel.pairs(list);
        const d = kernel.reservePairs(list.length);
        exports.invertAll(d, a, list.length);
        expect(kernel.readPairs(d, list.length)).to.deep.equal(
          list.map(([x, y]) => [inv(x), inv(y)]),
        );
      });
    });

    it("makes running products and aggregates", () => {
      const list = Array.from({ length: 8 }, (_, i) => random(i));
      let product = 1n;
      const products = list.map((x) => (product = mul(product, x)));
      const [z, alpha] = [random(90), random(91)];
      let r = 1n;
      const aggregate = list.map((x, i) => {
        if (i === 0) return r;
        const u = sub(x, list[i - 1]!);
        return (r = add(mul(r, add(1n, mul(z, u))), mul(alpha, mul(u, u))));
      });
      kernel.scoped(() => {
        const p = kernel.pairs(toPairs(list));
        exports.runningProduct(p, 4);
        expect(fromPairs(kernel.readPairs(p, 4))).to.deep.equal(products);
        const a = kernel.pairs(toPairs(list));
        const constants = kernel.constants([1n, z, alpha]);
        exports.dilutedAggregate(p, a, 4, constants, constants + 40, constants + 80);
        expect(fromPairs(kernel.readPairs(p, 4))).to.deep.equal(aggregate);
      });
    });

    it("hashes rows and nodes", () => {
      const masked = (bytes: Uint8Array): Uint8Array => keccak256(bytes).fill(0, 20);
      const row = [random(1), random(2), random(3), random(4), random(5)];
      const other = row.map((x) => mul(x, x));
      const bytes = (list: readonly Felt[]): Uint8Array =>
        Buffer.concat(list.map((x) => wordBytes(toMontgomery(x))));
      kernel.scoped(() => {
        const columns = row.map((x, i) => kernel.pairs([[x, other[i]!]]));
        const list = kernel.reserve(64);
        new Uint32Array(exports.memory.buffer, list, 5).set(columns);
        const out = kernel.reserve(64);
        exports.hashRows(list, 5, 1, out, out + 32);
        expect(kernel.view(out, 32)).to.deep.equal(masked(bytes(row)));
        expect(kernel.view(out + 32, 32)).to.deep.equal(masked(bytes(other)));
        const both = kernel.view(out, 64).slice();
        exports.hashNodes(out, out, 1);
        expect(kernel.view(out, 32)).to.deep.equal(masked(both));
        exports.hashRows(list, 1, 1, out, out + 32);
        expect(kernel.view(out, 32)).to.deep.equal(bytes(row.slice(0, 1)).subarray(0));
      });
    });

    it("hashes cosets, also an odd number of them", () => {
      const list = Array.from({ length: 16 }, (_, i): [Felt, Felt] => [random(i), random(20 + i)]);
      kernel.scoped(() => {
        const p = kernel.pairs(list);
        // Cosets of 4: members 0 and 1 are pair i of the first group, 2 and 3 of the second.
        const groups = kernel.reserve(8);
        new Uint32Array(exports.memory.buffer, groups, 2).set([p, p + 8 * PAIR_BYTES]);
        const out = kernel.reserve(96);
        exports.hashCosets(groups, 2, 3, out);
        for (let i = 0; i < 3; i++) {
          const members = [...list[i]!, ...list[8 + i]!];
          const bytes = Buffer.concat(members.map((x) => wordBytes(toMontgomery(x))));
          expect(kernel.view(out + 32 * i, 32)).to.deep.equal(keccak256(bytes).fill(0, 20));
        }
      });
    });

    it("folds layers", () => {
      const log = 4;
      const n = 1 << log;
      const shift = random(3);
      const beta = random(4);
      const domain = powers(rootOfUnity(n), n).map((y) => mul(shift, y));
      const layer = domain.map((_, i) => random(i));
      const folded = layer.slice(0, n / 2).map((a, i) => {
        const b = layer[n / 2 + i]!;
        return add(add(a, b), mul(mul(beta, sub(a, b)), inv(domain[i]!)));
      });
      kernel.scoped(() => {
        const p = kernel.pairs(toPairs(layer));
        const quarter = n / 4;
        const out = kernel.reservePairs(quarter);
        const factor = (i: number): Felt => mul(beta, inv(domain[i]!));
        const factors = kernel.pairs([[factor(0), factor(quarter)]]);
        const ratio = kernel.constants([inv(rootOfUnity(n))]);
        exports.fold(out, p, p + quarter * PAIR_BYTES, quarter, factors, ratio);
        expect(fromPairs(kernel.readPairs(out, quarter))).to.deep.equal(folded);
      });
    });

    it("evaluates at points", () => {
      const log = 11;
      const n = 1 << log;
      const coefficients = Array.from({ length: n }, (_, i) => random(i % 100));
      const z = random(7);
      const inOrder = coefficients.map((_, i) => coefficients[reversed(i, log)]!);
      kernel.scoped(() => {
        const a = kernel.pairs(toPairs(inOrder));
        const squares = [mul(z, z)];
        while (squares.length < log - 1) squares.push(mul(squares.at(-1)!, squares.at(-1)!));
        const one = kernel.constants([1n]);
        const constants = kernel.constants(squares);
        const weights = kernel.reservePairs(256 + 4);
        exports.fillWeights(weights, 8, one, constants + 2 * CONSTANT_BYTES);
        exports.fillWeights(weights + 256 * PAIR_BYTES, 2, one, constants);
        const out = kernel.reservePairs(1);
        exports.evaluateAt(out, a, n / 2, weights, 1, kernel.reservePairs(4));
        const [[even, odd]] = kernel.readPairs(out, 1) as [[Felt, Felt]];
        expect(add(even, mul(z, odd))).to.equal(horner(coefficients, z));
      });
    });
  });
