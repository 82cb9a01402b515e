/** Montgomery form with R = 2^256, in which field elements stand in commitments and proofs. */
import { type Felt, mod, P } from "../field/felt.ts";

/** 2^256 mod P. */
export const R: Felt = (1n << 256n) % P;
/** 1/2^256 mod P. */
export const R_INVERSE: Felt = 0x40000000000001100000000000012100000000000000000000000000000000n;

export const toMontgomery = (x: Felt): bigint => (x * R) % P;

/** Takes any word, as the contracts do. */
export const fromMontgomery = (word: bigint): Felt => mod(word * R_INVERSE);
