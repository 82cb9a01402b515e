/** keccak and sha256_process_block. */
import { keccakF1600 } from "../../../hash/keccak.ts";
import { syscallGas } from "../../fee/vm-resources.ts";
import { sha256Compress } from "./sha256.ts";
import { asU32, invalidInput, panic, syscall } from "./syscall.ts";

/** 64-bit words that one permutation takes in: the rate of keccak256, 1088 bits. */
const KECCAK_RATE_WORDS = 17;

/** Absorbs padded input, whole blocks of 64-bit words; the answer is the hash as a little-endian u256. */
export const keccak = syscall({
  name: "Keccak",
  read: (request) => request.span(),
  execute({ memory, frame, gas }, { start, length }) {
    // Paid for before it is read: an array that is refused costs its caller next to nothing.
    if (length % KECCAK_RATE_WORDS !== 0) return panic("invalidInputLength");
    const rounds = length / KECCAK_RATE_WORDS;
    const cost = BigInt(rounds) * syscallGas("KeccakRound");
    if (cost > gas.remaining) return panic("outOfGas");
    gas.remaining -= cost;
    const words = memory.felts(start, length);
    for (const word of words) {
      if (word >= 1n << 64n) throw invalidInput(word, "Invalid input for the keccak syscall.");
    }
    const state = new BigUint64Array(25);
    for (let block = 0; block < length; block += KECCAK_RATE_WORDS) {
      for (let i = 0; i < KECCAK_RATE_WORDS; i++) state[i]! ^= words[block + i]!;
      keccakF1600(state);
    }
    frame.countUse("Keccak", rounds, 0);
    return [state[0]! + (state[1]! << 64n), state[2]! + (state[3]! << 64n)];
  },
});

const SHA256_STATE_WORDS = 8;
const SHA256_BLOCK_WORDS = 16;

/** One compression; each new state follows the one before in a segment of their own. */
export const sha256ProcessBlock = syscall({
  name: "Sha256ProcessBlock",
  read: (request) => ({ state: request.pointer(), block: request.pointer() }),
  execute({ memory, frame }, { state, block }) {
    const after = sha256Compress(
      memory.felts(state, SHA256_STATE_WORDS).map(asU32),
      memory.felts(block, SHA256_BLOCK_WORDS).map(asU32),
    );
    const start = frame.sha256End ?? memory.addSegment();
    frame.sha256End = memory.write(start, after.map(BigInt));
    return [start];
  },
});
