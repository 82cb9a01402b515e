/**
 * CPU time of the field, curve and hash kernels, and the ratio to a named peer measured in the same run.
 *
 *   node bench/kernels.ts
 */
import { hash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import * as scure from "@scure/starknet";
import * as ecdsa from "../src/curve/ecdsa.ts";
import { createCurve } from "../src/curve/kernel.ts";
import * as curve from "../src/curve/stark.ts";
import * as felt from "../src/field/felt.ts";
import { createFmaKernel, type LimbPair } from "../src/field/fma-kernel.ts";
import { hasFusedMadd } from "../src/field/fused-madd.ts";
import * as field from "../src/field/kernel.ts";
import { keccak256 } from "../src/hash/keccak.ts";
import { createPedersen } from "../src/hash/pedersen-kernel.ts";
import { createPoseidon } from "../src/hash/poseidon-kernel.ts";

const REPEATS = 7;
const BATCH_MICROS = 60_000;

/** CPU nanoseconds of one of `perCall` operations in `run`, the best of some batches. */
function measure(run: () => void, perCall = 1): number {
  const time = (calls: number): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i++) run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  // Warms up, too: V8 optimises kernels between calls.
  let calls = 1;
  while (time(calls) < BATCH_MICROS) calls *= 2;
  let best = Infinity;
  for (let i = 0; i < REPEATS; i++) best = Math.min(best, time(calls) / calls);
  return (best * 1000) / perCall;
}

const random = (i: number): bigint => BigInt(`0x${hash("sha256", `kernels ${i}`)}`) % felt.P;
const [x, y] = [random(0), random(1)];
const pairs = Array.from({ length: 256 }, (_, i) => [random(2 * i), random(2 * i + 1)] as const);
const list = pairs.flat();
const point = curve.mul(x, curve.GENERATOR)!;
const peerPoint = scure.Point.fromAffine(point);
const key = y % curve.ORDER;
const publicKey = ecdsa.publicKey(key);
const message = x >> 4n;
const signature = ecdsa.sign(message, key);
const peerKey = scure.getPublicKey(key.toString(16).padStart(64, "0"), false);
const peerSignature = new scure.Signature(signature.r, signature.s);
const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i);

type Row = [name: string, ours: number, peer: string, theirs: number];
const rows: Row[] = [];
const row = (name: string, ours: number, peer: string, theirs: number): void => {
  rows.push([name, ours, peer, theirs]);
};

const bigintMul = measure(() => felt.mul(x, y));
row(
  "field multiplication, scalar",
  measure(() => field.mulChain(x, y, 1000), 1000),
  "bigint",
  bigintMul,
);
if (hasFusedMadd()) {
  const fma = createFmaKernel();
  const lane = [1n, 2n, 3n, 4n, 5n].map((i) => i << 44n);
  const pair: LimbPair = [lane, lane];
  row(
    "field multiplication, fma",
    measure(() => fma.chain(pair, pair, 1000), 2000),
    "bigint",
    bigintMul,
  );
}
row(
  "field inverse",
  measure(() => field.inv(x)),
  "bigint",
  measure(() => felt.inv(x)),
);
const square = felt.mul(x, x);
row(
  "field square root",
  measure(() => field.sqrt(square)),
  "bigint",
  measure(() => felt.sqrt(square)),
);

const variants = hasFusedMadd() ? (["scalar", "fma"] as const) : (["scalar"] as const);
const peerPedersen = measure(() => scure.pedersen(x, y));
for (const variant of variants) {
  const kernel = createPedersen(variant);
  row(
    `pedersen, ${variant}`,
    measure(() => kernel.pedersen(x, y)),
    "@scure/starknet",
    peerPedersen,
  );
  row(
    `pedersen, ${variant}, batch of 256`,
    measure(() => kernel.pedersenBatch(pairs), 256),
    "@scure/starknet",
    peerPedersen,
  );
}

const peerPoseidon = measure(() => scure.poseidonHash(x, y));
const peerMany = measure(() => scure.poseidonHashMany(list.slice(0, 64)), 33);
for (const variant of variants) {
  const kernel = createPoseidon(variant);
  row(
    `poseidon, ${variant}`,
    measure(() => kernel.poseidon(x, y)),
    "@scure/starknet",
    peerPoseidon,
  );
  row(
    `poseidon of a list, ${variant}, a permutation`,
    measure(() => kernel.poseidonMany(list), list.length / 2 + 1),
    "@scure/starknet",
    peerMany,
  );
  row(
    `poseidon, ${variant}, batch of 256`,
    measure(() => kernel.poseidonBatch(pairs), 256),
    "@scure/starknet",
    peerPoseidon,
  );
}

for (const length of [64, 320]) {
  const input = bytes(length);
  row(
    `keccak-256 of ${length} bytes`,
    measure(() => keccak256(input)),
    "@noble/hashes",
    measure(() => keccak_256(input)),
  );
}

const peerMul = measure(() => peerPoint.multiplyUnsafe(key));
const peerEcOp = measure(() => scure.Point.BASE.add(peerPoint.multiplyUnsafe(key)).toAffine());
/** Points in turn, more than the kernel remembers: none is met again. */
const manyPoints = Array.from({ length: 256 }, (_, i) => curve.mul(BigInt(i + 2), point)!);
let turn = 0;
const newPoint = (): curve.Point => manyPoints[turn++ % manyPoints.length]!;
for (const variant of variants) {
  const kernel = createCurve(variant);
  row(
    `curve multiplication, ${variant}, new point`,
    measure(() => kernel.mul(y, newPoint())),
    "@scure/starknet",
    peerMul,
  );
  row(
    `curve multiplication, ${variant}, known point`,
    measure(() => kernel.mul(y, point)),
    "@scure/starknet",
    peerMul,
  );
  row(
    `ec_op, 251 bits, ${variant}, new point`,
    measure(() => kernel.ecOp(curve.GENERATOR, newPoint(), y)),
    "@scure/starknet",
    peerEcOp,
  );
  row(
    `ec_op, 251 bits, ${variant}, known point`,
    measure(() => kernel.ecOp(curve.GENERATOR, point, y)),
    "@scure/starknet",
    peerEcOp,
  );
}
const keyText = key.toString(16).padStart(64, "0");
const messageText = message.toString(16);
row(
  "ecdsa sign",
  measure(() => ecdsa.sign(message, key)),
  "@scure/starknet",
  measure(() => scure.sign(messageText, keyText)),
);
row(
  "ecdsa verify",
  measure(() => ecdsa.verify(message, signature.r, signature.s, publicKey)),
  "@scure/starknet",
  measure(() => scure.verify(peerSignature, messageText, peerKey)),
);

const nanoseconds = (n: number): string => Math.round(n).toLocaleString("en-US").padStart(11);
console.log(`Node ${process.version}, CPU ns a piece\n`);
for (const [name, ours, peer, theirs] of rows) {
  const ratio = `${(theirs / ours).toFixed(1)}x`.padStart(7);
  console.log(`${name.padEnd(44)}${nanoseconds(ours)} ${ratio} ${peer} ${nanoseconds(theirs)}`);
}
