// The sponge of keccak-256 on padded input. Permutations are guesses at `keccak`, 25 words before and 25
// after, which finalize_keccak of the common library checks in the end, three at a time; it also checks
// that all of them are words of 64 bits.
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.cairo_keccak.keccak import _block_permutation
from starkware.cairo.common.memcpy import memcpy

const KECCAK_RATE = 17;
const KECCAK_WORDS = 25;

// Halves of the hash of whole blocks.
func absorb_blocks{bitwise: BitwiseBuiltin*, keccak: felt*}(input: felt*, blocks: felt) -> (
    low: felt, high: felt
) {
    alloc_locals;
    if (blocks == 0) {
        return (low=0, high=0);
    }
    // The state before the first block is all zeros.
    memcpy(dst=keccak, src=input, len=KECCAK_RATE);
    assert keccak[17] = 0;
    assert keccak[18] = 0;
    assert keccak[19] = 0;
    assert keccak[20] = 0;
    assert keccak[21] = 0;
    assert keccak[22] = 0;
    assert keccak[23] = 0;
    assert keccak[24] = 0;
    let keccak = keccak + KECCAK_WORDS;
    _block_permutation{keccak_ptr=keccak}();
    absorb_more(input=input + KECCAK_RATE, blocks=blocks - 1);
    let state = keccak - KECCAK_WORDS;
    return (low=state[0] + 2 ** 64 * state[1], high=state[2] + 2 ** 64 * state[3]);
}

func absorb_more{bitwise: BitwiseBuiltin*, keccak: felt*}(input: felt*, blocks: felt) {
    alloc_locals;
    if (blocks == 0) {
        return ();
    }
    local state: felt* = keccak - KECCAK_WORDS;
    xor_words(input=input, state=state, count=KECCAK_RATE);
    local bitwise: BitwiseBuiltin* = bitwise;
    memcpy(dst=keccak, src=state + KECCAK_RATE, len=KECCAK_WORDS - KECCAK_RATE);
    let keccak = keccak + KECCAK_WORDS - KECCAK_RATE;
    _block_permutation{keccak_ptr=keccak}();
    return absorb_more(input=input + KECCAK_RATE, blocks=blocks - 1);
}

func xor_words{bitwise: BitwiseBuiltin*, keccak: felt*}(input: felt*, state: felt*, count: felt) {
    if (count == 0) {
        return ();
    }
    assert bitwise.x = input[0];
    assert bitwise.y = state[0];
    assert keccak[0] = bitwise.x_xor_y;
    let bitwise = bitwise + BitwiseBuiltin.SIZE;
    let keccak = keccak + 1;
    return xor_words(input=input + 1, state=state + 1, count=count - 1);
}
