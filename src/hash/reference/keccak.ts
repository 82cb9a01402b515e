/** Keccak in plain bigint (FIPS 202 §3): the twin of the keccak kernel. */

const MASK = (1n << 64n) - 1n;
const rotl = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & MASK;

/** FIPS 202 §3.2.5: bit 2^j - 1 of round constant i is rc(j + 7i), an LFSR over x^8+x^6+x^5+x^4+1. */
export function roundConstants(): bigint[] {
  const constants: bigint[] = [];
  let lfsr = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let j = 0; j <= 6; j++) {
      if (lfsr & 1) constant |= 1n << BigInt((1 << j) - 1);
      lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0);
    }
    constants.push(constant);
  }
  return constants;
}

/** FIPS 202 §3.2.2: the rotation of lane x + 5y. */
export function rotations(): bigint[] {
  const offsets = new Array<bigint>(25).fill(0n);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = BigInt((((t + 1) * (t + 2)) / 2) % 64);
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return offsets;
}

/** Permutes 25 lanes in place; lane (x, y) of the standard is `state[x + 5 * y]`. */
export function keccakF1600(state: BigUint64Array): void {
  const offsets = rotations();
  for (const constant of roundConstants()) {
    // θ
    const parity = [0, 1, 2, 3, 4].map(
      (x) => state[x]! ^ state[x + 5]! ^ state[x + 10]! ^ state[x + 15]! ^ state[x + 20]!,
    );
    for (let i = 0; i < 25; i++) {
      const x = i % 5;
      state[i] = state[i]! ^ parity[(x + 4) % 5]! ^ rotl(parity[(x + 1) % 5]!, 1n);
    }
    // ρ and π
    const moved = new BigUint64Array(25);
    for (let x = 0; x < 5; x++) {
      for (let y = 0; y < 5; y++) {
        const from = x + 5 * y;
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotl(state[from]!, offsets[from]!);
      }
    }
    // χ and ι
    for (let i = 0; i < 25; i++) {
      const row = i - (i % 5);
      const next = moved[row + ((i + 1) % 5)]!;
      state[i] = moved[i]! ^ (~next & MASK & moved[row + ((i + 2) % 5)]!);
    }
    state[0] = state[0]! ^ constant;
  }
}

const RATE = 136;

/** Keccak-256 with the original padding 0x01 … 0x80, as Ethereum uses it. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(RATE * (Math.floor(bytes.length / RATE) + 1));
  padded.set(bytes);
  padded[bytes.length] = 0x01;
  padded[padded.length - 1]! |= 0x80;
  const lanes = new BigUint64Array(padded.buffer);
  const state = new BigUint64Array(25);
  for (let block = 0; block < lanes.length; block += RATE / 8) {
    for (let i = 0; i < RATE / 8; i++) state[i] = state[i]! ^ lanes[block + i]!;
    keccakF1600(state);
  }
  return new Uint8Array(state.buffer.slice(0, 32));
}
