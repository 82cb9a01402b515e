// Poseidon over arrays, with few steps a word: the sponge of starknet-formulas.md, rate 2.
//
// An instance of the builtin is six cells, the state before and after the permutation; `poseidon`
// points to the next free one, so that poseidon[-3] to poseidon[-1] are the state so far. Absorbing two
// words takes ten steps, the least that single instructions can do: each reads or writes one cell of the
// builtin or of the data. Unrolled chunks spread the cost of the loop.

const HASH_OF_NOTHING = 0x2272be0f580fd156823304800919530eaa97430e972d7213ee13f4fbf7a5dbc;

// Hash of `size` felts.
func poseidon_array{poseidon: felt*}(size: felt, data: felt*) -> (hash: felt) {
    if (size == 0) {
        return (hash=HASH_OF_NOTHING);
    }
    if (size == 1) {
        assert poseidon[0] = data[0];
        assert poseidon[1] = 1;
        assert poseidon[2] = 0;
        let hash = poseidon[3];
        let poseidon = poseidon + 6;
        return (hash=hash);
    }
    assert poseidon[0] = data[0];
    assert poseidon[1] = data[1];
    assert poseidon[2] = 0;
    let poseidon = poseidon + 6;
    return absorb(data=data + 2, end=data + size);
}

// Absorbs what is left of the data, then the padding.
//
// How many words are taken at once is a guess, which changes nothing of the result: whoever takes more
// than there are never meets the end of the data, and has no run to prove.
func absorb{poseidon: felt*}(data: felt*, end: felt*) -> (hash: felt) {
    tempvar chunk = nondet %{ poseidon.chunk %};
    if (chunk == 0) {
        return finish(data=data, end=end);
    }
    if (chunk == 1) {
        tempvar word = data[0];
        tempvar state = poseidon[-3];
        tempvar sum = word + state;
        assert poseidon[0] = sum;
        tempvar word = data[1];
        tempvar state = poseidon[-2];
        tempvar sum = word + state;
        assert poseidon[1] = sum;
        tempvar state = poseidon[-1];
        assert poseidon[2] = state;
        let poseidon = poseidon + 6;
        return absorb(data=data + 2, end=end);
    }
    if (chunk == 2) {
        return absorb_8(data=data, end=end);
    }
    return absorb_32(data=data, end=end);
}

// The last word, if the number of words is odd, and the padding: 1, then 0 if need be.
func finish{poseidon: felt*}(data: felt*, end: felt*) -> (hash: felt) {
    if (data == end) {
        tempvar state = poseidon[-3];
        tempvar sum = state + 1;
        assert poseidon[0] = sum;
        tempvar state = poseidon[-2];
        assert poseidon[1] = state;
        tempvar state = poseidon[-1];
        assert poseidon[2] = state;
        let hash = poseidon[3];
        let poseidon = poseidon + 6;
        return (hash=hash);
    }
    assert end = data + 1;
    tempvar word = data[0];
    tempvar state = poseidon[-3];
    tempvar sum = word + state;
    assert poseidon[0] = sum;
    tempvar state = poseidon[-2];
    tempvar sum = state + 1;
    assert poseidon[1] = sum;
    tempvar state = poseidon[-1];
    assert poseidon[2] = state;
    let hash = poseidon[3];
    let poseidon = poseidon + 6;
    return (hash=hash);
}

func absorb_8{poseidon: felt*}(data: felt*, end: felt*) -> (hash: felt) {
    tempvar word = data[0];
    tempvar state = poseidon[-3];
    tempvar sum = word + state;
    assert poseidon[0] = sum;
    tempvar word = data[1];
    tempvar state = poseidon[-2];
    tempvar sum = word + state;
    assert poseidon[1] = sum;
    tempvar state = poseidon[-1];
    assert poseidon[2] = state;
    tempvar word = data[2];
    tempvar state = poseidon[3];
    tempvar sum = word + state;
    assert poseidon[6] = sum;
    tempvar word = data[3];
    tempvar state = poseidon[4];
    tempvar sum = word + state;
    assert poseidon[7] = sum;
    tempvar state = poseidon[5];
    assert poseidon[8] = state;
    tempvar word = data[4];
    tempvar state = poseidon[9];
    tempvar sum = word + state;
    assert poseidon[12] = sum;
    tempvar word = data[5];
    tempvar state = poseidon[10];
    tempvar sum = word + state;
    assert poseidon[13] = sum;
    tempvar state = poseidon[11];
    assert poseidon[14] = state;
    tempvar word = data[6];
    tempvar state = poseidon[15];
    tempvar sum = word + state;
    assert poseidon[18] = sum;
    tempvar word = data[7];
    tempvar state = poseidon[16];
    tempvar sum = word + state;
    assert poseidon[19] = sum;
    tempvar state = poseidon[17];
    assert poseidon[20] = state;

    let poseidon = poseidon + 24;
    return absorb(data=data + 8, end=end);
}

func absorb_32{poseidon: felt*}(data: felt*, end: felt*) -> (hash: felt) {
    tempvar word = data[0];
    tempvar state = poseidon[-3];
    tempvar sum = word + state;
    assert poseidon[0] = sum;
    tempvar word = data[1];
    tempvar state = poseidon[-2];
    tempvar sum = word + state;
    assert poseidon[1] = sum;
    tempvar state = poseidon[-1];
    assert poseidon[2] = state;
    tempvar word = data[2];
    tempvar state = poseidon[3];
    tempvar sum = word + state;
    assert poseidon[6] = sum;
    tempvar word = data[3];
    tempvar state = poseidon[4];
    tempvar sum = word + state;
    assert poseidon[7] = sum;
    tempvar state = poseidon[5];
    assert poseidon[8] = state;
    tempvar word = data[4];
    tempvar state = poseidon[9];
    tempvar sum = word + state;
    assert poseidon[12] = sum;
    tempvar word = data[5];
    tempvar state = poseidon[10];
    tempvar sum = word + state;
    assert poseidon[13] = sum;
    tempvar state = poseidon[11];
    assert poseidon[14] = state;
    tempvar word = data[6];
    tempvar state = poseidon[15];
    tempvar sum = word + state;
    assert poseidon[18] = sum;
    tempvar word = data[7];
    tempvar state = poseidon[16];
    tempvar sum = word + state;
    assert poseidon[19] = sum;
    tempvar state = poseidon[17];
    assert poseidon[20] = state;
    tempvar word = data[8];
    tempvar state = poseidon[21];
    tempvar sum = word + state;
    assert poseidon[24] = sum;
    tempvar word = data[9];
    tempvar state = poseidon[22];
    tempvar sum = word + state;
    assert poseidon[25] = sum;
    tempvar state = poseidon[23];
    assert poseidon[26] = state;
    tempvar word = data[10];
    tempvar state = poseidon[27];
    tempvar sum = word + state;
    assert poseidon[30] = sum;
    tempvar word = data[11];
    tempvar state = poseidon[28];
    tempvar sum = word + state;
    assert poseidon[31] = sum;
    tempvar state = poseidon[29];
    assert poseidon[32] = state;
    tempvar word = data[12];
    tempvar state = poseidon[33];
    tempvar sum = word + state;
    assert poseidon[36] = sum;
    tempvar word = data[13];
    tempvar state = poseidon[34];
    tempvar sum = word + state;
    assert poseidon[37] = sum;
    tempvar state = poseidon[35];
    assert poseidon[38] = state;
    tempvar word = data[14];
    tempvar state = poseidon[39];
    tempvar sum = word + state;
    assert poseidon[42] = sum;
    tempvar word = data[15];
    tempvar state = poseidon[40];
    tempvar sum = word + state;
    assert poseidon[43] = sum;
    tempvar state = poseidon[41];
    assert poseidon[44] = state;
    tempvar word = data[16];
    tempvar state = poseidon[45];
    tempvar sum = word + state;
    assert poseidon[48] = sum;
    tempvar word = data[17];
    tempvar state = poseidon[46];
    tempvar sum = word + state;
    assert poseidon[49] = sum;
    tempvar state = poseidon[47];
    assert poseidon[50] = state;
    tempvar word = data[18];
    tempvar state = poseidon[51];
    tempvar sum = word + state;
    assert poseidon[54] = sum;
    tempvar word = data[19];
    tempvar state = poseidon[52];
    tempvar sum = word + state;
    assert poseidon[55] = sum;
    tempvar state = poseidon[53];
    assert poseidon[56] = state;
    tempvar word = data[20];
    tempvar state = poseidon[57];
    tempvar sum = word + state;
    assert poseidon[60] = sum;
    tempvar word = data[21];
    tempvar state = poseidon[58];
    tempvar sum = word + state;
    assert poseidon[61] = sum;
    tempvar state = poseidon[59];
    assert poseidon[62] = state;
    tempvar word = data[22];
    tempvar state = poseidon[63];
    tempvar sum = word + state;
    assert poseidon[66] = sum;
    tempvar word = data[23];
    tempvar state = poseidon[64];
    tempvar sum = word + state;
    assert poseidon[67] = sum;
    tempvar state = poseidon[65];
    assert poseidon[68] = state;
    tempvar word = data[24];
    tempvar state = poseidon[69];
    tempvar sum = word + state;
    assert poseidon[72] = sum;
    tempvar word = data[25];
    tempvar state = poseidon[70];
    tempvar sum = word + state;
    assert poseidon[73] = sum;
    tempvar state = poseidon[71];
    assert poseidon[74] = state;
    tempvar word = data[26];
    tempvar state = poseidon[75];
    tempvar sum = word + state;
    assert poseidon[78] = sum;
    tempvar word = data[27];
    tempvar state = poseidon[76];
    tempvar sum = word + state;
    assert poseidon[79] = sum;
    tempvar state = poseidon[77];
    assert poseidon[80] = state;
    tempvar word = data[28];
    tempvar state = poseidon[81];
    tempvar sum = word + state;
    assert poseidon[84] = sum;
    tempvar word = data[29];
    tempvar state = poseidon[82];
    tempvar sum = word + state;
    assert poseidon[85] = sum;
    tempvar state = poseidon[83];
    assert poseidon[86] = state;
    tempvar word = data[30];
    tempvar state = poseidon[87];
    tempvar sum = word + state;
    assert poseidon[90] = sum;
    tempvar word = data[31];
    tempvar state = poseidon[88];
    tempvar sum = word + state;
    assert poseidon[91] = sum;
    tempvar state = poseidon[89];
    assert poseidon[92] = state;

    let poseidon = poseidon + 96;
    return absorb(data=data + 32, end=end);
}
