/**
 * Private keys of the predeployed accounts, from a seed: the same keys as starknet-devnet's, so that a
 * seed (and every script with keys from it) means the same here.
 *
 * The seed is expanded by PCG-32 (rand_core's `seed_from_u64`) to the 64-bit seed of a 64-bit Mersenne
 * Twister (Nishimura & Matsumoto, MT19937-64), whose outputs are taken two by two, low word first.
 */

const U64 = (x: bigint): bigint => BigInt.asUintN(64, x);

function expandSeed(seed: bigint): bigint {
  let state = seed;
  const next = (): bigint => {
    state = U64(state * 6364136223846793005n + 11634580027462260723n);
    const xorShifted = BigInt.asUintN(32, ((state >> 18n) ^ state) >> 27n);
    const rotation = state >> 59n;
    return BigInt.asUintN(32, (xorShifted >> rotation) | (xorShifted << (32n - rotation)));
  };
  const low = next();
  return (next() << 32n) | low;
}

const STATE_WORDS = 312;
const MIDDLE_WORD = 156;
const UPPER_MASK = 0xffff_ffff_8000_0000n;
const LOWER_MASK = 0x7fff_ffffn;
const TWIST = 0xb502_6f5a_a966_19e9n;

function* mersenneTwister64(seed: bigint): Generator<bigint, never> {
  const mt = [seed];
  for (let i = 1; i < STATE_WORDS; i++) {
    const previous = mt[i - 1]!;
    mt.push(U64(6364136223846793005n * (previous ^ (previous >> 62n)) + BigInt(i)));
  }
  for (;;) {
    for (let i = 0; i < STATE_WORDS; i++) {
      const x = (mt[i]! & UPPER_MASK) | (mt[(i + 1) % STATE_WORDS]! & LOWER_MASK);
      mt[i] = mt[(i + MIDDLE_WORD) % STATE_WORDS]! ^ (x >> 1n) ^ (x & 1n ? TWIST : 0n);
    }
    for (const word of mt) {
      let y = word;
      y ^= (y >> 29n) & 0x5555_5555_5555_5555n;
      y ^= (y << 17n) & 0x71d6_7fff_eda6_0000n;
      y ^= (y << 37n) & 0xfff7_eee0_0000_0000n;
      yield y ^ (y >> 43n);
    }
  }
}

/** `count` private keys of 128 bits for a seed (u32). */
export function accountKeys(seed: number, count: number): bigint[] {
  const words = mersenneTwister64(expandSeed(BigInt(seed)));
  const keys: bigint[] = [];
  for (let i = 0; i < count; i++) {
    const low = words.next().value;
    keys.push((words.next().value << 64n) | low);
  }
  return keys;
}
