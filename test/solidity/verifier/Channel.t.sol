// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Channel} from "../../../contracts/verifier/Channel.sol";
import {FIELD_PRIME} from "../support/Cheats.sol";

/// @notice The channel against its definition (protocol spec §3), written out.
contract ChannelTest {
    using Channel for Channel.State;

    function testFuzzAbsorb(uint256 digest, uint256 counter, uint256 word) external pure {
        Channel.State memory state = Channel.State(digest, counter);
        state.absorb(word);
        unchecked {
            digest++;
        }
        require(state.digest == uint256(keccak256(abi.encodePacked(digest, word))), "digest");
        require(state.counter == 0, "counter");
    }

    /// @dev `bytes calldata` so that the words lie in the calldata.
    function testFuzzAbsorbEachIsAbsorbOfEach(
        uint256 digest,
        uint256[] calldata words
    ) external pure {
        Channel.State memory one = Channel.State(digest, 5);
        Channel.State memory other = Channel.State(digest, 5);
        if (words.length == 0) return;
        uint256 position;
        assembly ("memory-safe") {
            position := words.offset
        }
        one.absorbEach(position, words.length);
        for (uint256 i = 0; i < words.length; i++) other.absorb(words[i]);
        require(one.digest == other.digest && one.counter == other.counter, "state");
    }

    function testFuzzAbsorbBytes(uint256 digest, bytes calldata data) external pure {
        Channel.State memory state = Channel.State(digest, 5);
        uint256 position;
        assembly ("memory-safe") {
            position := data.offset
        }
        state.absorbBytes(position, data.length);
        unchecked {
            digest++;
        }
        require(state.digest == uint256(keccak256(abi.encodePacked(digest, data))), "digest");
        require(state.counter == 0, "counter");
    }

    function testFuzzDraws(uint256 digest, uint64 counter) external pure {
        Channel.State memory state = Channel.State(digest, counter);
        uint256 word = uint256(keccak256(abi.encodePacked(digest, uint256(counter))));
        require(state.drawWord() == word, "word");
        require(state.counter == uint256(counter) + 1 && state.digest == digest, "state");
        // a·2^256 = word, and a field element.
        state.counter = counter;
        uint256 element = state.drawFelt();
        uint256 used = state.counter - 1;
        word = uint256(keccak256(abi.encodePacked(digest, used)));
        require(element < FIELD_PRIME && word < 31 * FIELD_PRIME, "range");
        uint256 power = (type(uint256).max % FIELD_PRIME) + 1;
        require(mulmod(element, power, FIELD_PRIME) == word % FIELD_PRIME, "element");
    }

    function testFuzzQueriesAreSortedAndDistinct(
        uint256 digest,
        uint8 count,
        uint8 log
    ) external pure {
        uint256 wanted = 1 + (count % 48);
        uint256 bits = 1 + (log % 40);
        uint256[] memory queries = Channel.State(digest, 0).drawQueries(wanted, bits);
        for (uint256 i = 1; i < queries.length; i++) require(queries[i - 1] < queries[i], "order");
        // Every drawn number is among them, and nothing else.
        uint256 found;
        for (uint256 i = 0; i < wanted; i++) {
            uint256 word = uint256(keccak256(abi.encodePacked(digest, i / 4)));
            uint256 query = (word >> (192 - 64 * (i % 4))) & ((1 << bits) - 1);
            bool known;
            for (uint256 j = 0; j < i; j++) {
                uint256 earlier = uint256(keccak256(abi.encodePacked(digest, j / 4)));
                if ((earlier >> (192 - 64 * (j % 4))) & ((1 << bits) - 1) == query) known = true;
            }
            if (known) continue;
            found++;
            bool listed;
            for (uint256 j = 0; j < queries.length; j++) if (queries[j] == query) listed = true;
            require(listed, "missing");
        }
        require(found == queries.length, "too many");
    }

    function absorbWork(uint256 digest, uint256 bits, bytes calldata nonce) external pure {
        uint256 position;
        assembly ("memory-safe") {
            position := nonce.offset
        }
        Channel.State(digest, 0).absorbWork(bits, position);
    }

    function testFuzzWork(uint256 digest, bytes8 nonce, uint8 bits) external view {
        uint256 wanted = 1 + (bits % 8);
        bytes32 challenge = keccak256(
            abi.encodePacked(bytes8(0x0123456789abcded), digest, uint8(wanted))
        );
        bool enough = uint256(keccak256(abi.encodePacked(challenge, nonce))) < 2 ** (256 - wanted);
        bool taken = true;
        try this.absorbWork(digest, wanted, abi.encodePacked(nonce)) {} catch {
            taken = false;
        }
        require(taken == enough, "work");
    }
}
