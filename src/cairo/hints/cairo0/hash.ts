/**
 * Cairo 0 hints of hashes (cairo-lang, starkware/cairo/common/{builtin_poseidon/poseidon, builtin_keccak/keccak,
 * cairo_keccak/keccak, keccak, keccak_utils/keccak_utils, simulate_builtin_keccak_with_cairo}.cairo).
 */
import { keccak_256, keccakP } from "@noble/hashes/sha3.js";
import type { Felt } from "../../../field/felt.ts";
import { isRelocatable, type MemoryValue, shift } from "../../relocatable.ts";
import type { MemoryView } from "../context.ts";
import { hintError } from "../errors.ts";
import { MASK_128, POW_2_128, toCount } from "../numbers.ts";
import type { Ids } from "./ids.ts";
import { type Cairo0Hint, code, flag, type HintLibrary, nondet } from "./library.ts";
import { ScopeVariable } from "./variables.ts";

const MASK_64 = (1n << 64n) - 1n;

function distance(end: MemoryValue, start: MemoryValue): bigint {
  if (isRelocatable(end) && isRelocatable(start) && end.segment === start.segment)
    return BigInt(end.offset - start.offset);
  throw hintError("the ends of an array are not pointers into one segment");
}

/** Whether at least `count` elements are left to hash. */
const elementsLeft = (count: bigint): Cairo0Hint =>
  nondet((ids) => {
    const start = ids.value("elements");
    const end = ids.value("elements_end");
    return (context) => flag(distance(end(context), start(context)) >= count);
  });

const atLeast = (left: string, constant: string): Cairo0Hint =>
  nondet((ids) => {
    const value = ids.felt(left);
    const bound = ids.constant(constant);
    return (context) => flag(value(context) >= bound);
  });

const lessThan = (left: string, constant: string): Cairo0Hint =>
  nondet((ids) => {
    const value = ids.felt(left);
    const bound = ids.constant(constant);
    return (context) => flag(value(context) < bound);
  });

const splitOutput0: Cairo0Hint = (ids) => {
  const output = ids.felt("output0");
  const low = ids.writer("output0_low");
  const high = ids.writer("output0_high");
  return (context) => {
    low(context, output(context) & MASK_128);
    high(context, output(context) >> 128n);
  };
};

const splitOutput1: Cairo0Hint = (ids) => {
  const output = ids.felt("output1");
  const low = ids.writer("output1_low");
  const middle = ids.writer("output1_mid");
  const high = ids.writer("output1_high");
  return (context) => {
    const value = output(context);
    low(context, value & ((1n << 56n) - 1n));
    middle(context, (value >> 56n) & MASK_128);
    high(context, value >> 184n);
  };
};

/** Splits the `index`-th word of an array after its lowest bytes: one byte more every third word. */
const splitWord =
  (array: string, index: number): Cairo0Hint =>
  (ids) => {
    const start = ids.pointer(array);
    const low = ids.writer(`low${index}`);
    const high = ids.writer(`high${index}`);
    const bits = BigInt(8 * (index / 3));
    return (context) => {
      const word = context.memory.felt(shift(start(context), index));
      high(context, word >> bits);
      low(context, word & ((1n << bits) - 1n));
    };
  };

const splitBytes: Cairo0Hint = (ids) => {
  const bytes = ids.felt("n_bytes");
  const wordSize = ids.constant("BYTES_IN_WORD");
  const words = ids.writer("n_words_to_copy");
  const left = ids.writer("n_bytes_left");
  return (context) => {
    words(context, bytes(context) / wordSize);
    left(context, bytes(context) % wordSize);
  };
};

const splitInputs: Cairo0Hint = (ids) => {
  const inputs = ids.pointer("inputs");
  const low = ids.felt("low");
  const high = ids.felt("high");
  return (context) => {
    const [l, h] = [low(context), high(context)];
    context.memory.write(inputs(context), [l & MASK_64, l >> 64n, h & MASK_64, h >> 64n]);
  };
};

/** Lanes of the Keccak-f[1600] state. */
const STATE_LANES = 25;

function permute(lanes: readonly Felt[]): Felt[] {
  if (lanes.length !== STATE_LANES || lanes.some((lane) => lane > MASK_64))
    throw hintError("keccak: the state is not 25 lanes of 64 bits");
  const words = Uint32Array.from(
    lanes.flatMap((lane) => [Number(lane & 0xffffffffn), Number(lane >> 32n)]),
  );
  keccakP(words);
  return lanes.map((_, i) => BigInt(words[2 * i]!) + (BigInt(words[2 * i + 1]!) << 32n));
}

const keccakBlock: Cairo0Hint = (ids) => {
  const size = Number(ids.constant("KECCAK_STATE_SIZE_FELTS"));
  const pointer = ids.pointer("keccak_ptr");
  return (context) => {
    const end = pointer(context);
    context.memory.write(end, permute(context.memory.felts(shift(end, -size), size)));
  };
};

const padBlocks: Cairo0Hint = (ids) => {
  const size = Number(ids.constant("KECCAK_STATE_SIZE_FELTS"));
  const blocks = Number(ids.constant("BLOCK_SIZE"));
  const end = ids.pointer("keccak_ptr_end");
  if (size !== STATE_LANES || blocks >= 10)
    return () => {
      throw hintError("keccak: the constants of the padding are out of range");
    };
  return (context) => {
    const zeros = new Array<Felt>(size).fill(0n);
    const pair = [...zeros, ...permute(zeros)];
    context.memory.write(end(context), new Array<Felt[]>(blocks).fill(pair).flat());
  };
};

const maxKeccakBytes = new ScopeVariable<bigint>("__keccak_max_size");

/** Big-endian bytes of words, `sizes` bytes each. */
function bigEndian(words: readonly Felt[], sizes: (index: number) => number): Uint8Array {
  const bytes: number[] = [];
  words.forEach((word, i) => {
    const size = sizes(i);
    if (word >> BigInt(8 * size) !== 0n) throw hintError(`keccak: word ${i} exceeds ${size} bytes`);
    for (let shiftBy = 8 * (size - 1); shiftBy >= 0; shiftBy -= 8)
      bytes.push(Number((word >> BigInt(shiftBy)) & 0xffn));
  });
  return Uint8Array.from(bytes);
}

/** Writes the Keccak-256 of `bytes` to ids.high and ids.low, big-endian. */
function hashWriter(ids: Ids) {
  const high = ids.writer("high");
  const low = ids.writer("low");
  return (context: Parameters<typeof high>[0], bytes: Uint8Array): void => {
    const hash = keccak_256(bytes).reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
    high(context, hash >> 128n);
    low(context, hash & MASK_128);
  };
}

/** Words of 16 bytes from `start`, read one by one so that a lying count stops at the first hole. */
function readWords(memory: MemoryView, start: Parameters<typeof shift>[0], count: number): Felt[] {
  const words: Felt[] = [];
  for (let i = 0; i < count; i++) words.push(memory.felt(shift(start, i)));
  return words;
}

const unsafeKeccak: Cairo0Hint = (ids) => {
  const data = ids.pointer("data");
  const byteLength = ids.felt("length");
  const write = hashWriter(ids);
  return (context) => {
    const limit = maxKeccakBytes.peek(context);
    if (limit !== undefined && byteLength(context) > limit)
      throw hintError(`unsafe_keccak: ${byteLength(context)} bytes, more than ${limit}`);
    const length = toCount(byteLength(context), "length");
    const words = readWords(context.memory, data(context), Math.ceil(length / 16));
    write(
      context,
      bigEndian(words, (i) => Math.min(16, length - 16 * i)),
    );
  };
};

const unsafeKeccakFinalize: Cairo0Hint = (ids) => {
  const start = ids.pointer("keccak_state.start_ptr");
  const end = ids.pointer("keccak_state.end_ptr");
  const write = hashWriter(ids);
  return (context) => {
    const count = Number(distance(end(context), start(context)));
    const words = readWords(context.memory, start(context), count);
    if (words.some((word) => word >= POW_2_128)) throw hintError("keccak: a word exceeds 16 bytes");
    write(
      context,
      bigEndian(words, () => 16),
    );
  };
};

/** Bits of one cell of the keccak builtin's state. */
const BUILTIN_BITS = 200n;

const unpackState: Cairo0Hint = (ids) => {
  const cells = Array.from({ length: 8 }, (_, i) => ids.felt(`keccak_builtin_state.s${i}`));
  const target = ids.pointer("felt_array");
  return (context) => {
    const state = cells.reduceRight((sum, cell) => (sum << BUILTIN_BITS) + cell(context), 0n);
    const lanes = Array.from(
      { length: STATE_LANES },
      (_, i) => (state >> BigInt(64 * i)) & MASK_64,
    );
    context.memory.write(target(context), lanes);
  };
};

const builtinKeccakWords: [string, Cairo0Hint][] = [
  [code`ids.high3, ids.low3 = divmod(memory[ids.inputs + 3], 256)`, splitWord("inputs", 3)],
  [code`ids.high6, ids.low6 = divmod(memory[ids.inputs + 6], 256 ** 2)`, splitWord("inputs", 6)],
  [code`ids.high9, ids.low9 = divmod(memory[ids.inputs + 9], 256 ** 3)`, splitWord("inputs", 9)],
  [
    code`ids.high12, ids.low12 = divmod(memory[ids.inputs + 12], 256 ** 4)`,
    splitWord("inputs", 12),
  ],
  [
    code`ids.high15, ids.low15 = divmod(memory[ids.inputs + 15], 256 ** 5)`,
    splitWord("inputs", 15),
  ],
];

const simulatedKeccakWords: [string, Cairo0Hint][] = [
  [code`ids.high3, ids.low3 = divmod(memory[ids.felt_array + 3], 256)`, splitWord("felt_array", 3)],
  [
    code`ids.high6, ids.low6 = divmod(memory[ids.felt_array + 6], 256 ** 2)`,
    splitWord("felt_array", 6),
  ],
  [
    code`ids.high9, ids.low9 = divmod(memory[ids.felt_array + 9], 256 ** 3)`,
    splitWord("felt_array", 9),
  ],
  [
    code`ids.high12, ids.low12 = divmod(memory[ids.felt_array + 12], 256 ** 4)`,
    splitWord("felt_array", 12),
  ],
  [
    code`ids.high15, ids.low15 = divmod(memory[ids.felt_array + 15], 256 ** 5)`,
    splitWord("felt_array", 15),
  ],
  [
    code`ids.high18, ids.low18 = divmod(memory[ids.felt_array + 18], 256 ** 6)`,
    splitWord("felt_array", 18),
  ],
  [
    code`ids.high21, ids.low21 = divmod(memory[ids.felt_array + 21], 256 ** 7)`,
    splitWord("felt_array", 21),
  ],
];

export const hashHints: HintLibrary = new Map([
  [
    code`memory[ap] = to_felt_or_relocatable(ids.elements_end - ids.elements >= 10)`,
    elementsLeft(10n),
  ],
  [
    code`memory[ap] = to_felt_or_relocatable(ids.elements_end - ids.elements >= 2)`,
    elementsLeft(2n),
  ],
  [
    code`memory[ap] = to_felt_or_relocatable(ids.n_bytes >= ids.KECCAK_FULL_RATE_IN_BYTES)`,
    atLeast("n_bytes", "KECCAK_FULL_RATE_IN_BYTES"),
  ],
  [
    code`memory[ap] = to_felt_or_relocatable(ids.n_bytes < ids.BYTES_IN_WORD)`,
    lessThan("n_bytes", "BYTES_IN_WORD"),
  ],
  [
    code`
      ids.output0_low = ids.output0 & ((1 << 128) - 1)
      ids.output0_high = ids.output0 >> 128
    `,
    splitOutput0,
  ],
  [
    code`
      tmp, ids.output1_low = divmod(ids.output1, 256 ** 7)
      ids.output1_high, ids.output1_mid = divmod(tmp, 2 ** 128)
    `,
    splitOutput1,
  ],
  [
    code`ids.n_words_to_copy, ids.n_bytes_left = divmod(ids.n_bytes, ids.BYTES_IN_WORD)`,
    splitBytes,
  ],
  [
    code`
      segments.write_arg(ids.inputs, [ids.low % 2 ** 64, ids.low // 2 ** 64])
      segments.write_arg(ids.inputs + 2, [ids.high % 2 ** 64, ids.high // 2 ** 64])
    `,
    splitInputs,
  ],
  [
    code`
      from starkware.cairo.common.keccak_utils.keccak_utils import keccak_func
      _keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
      assert 0 <= _keccak_state_size_felts < 100

      output_values = keccak_func(memory.get_range(
          ids.keccak_ptr - _keccak_state_size_felts, _keccak_state_size_felts))
      segments.write_arg(ids.keccak_ptr, output_values)
    `,
    keccakBlock,
  ],
  [
    code`
      # Add dummy pairs of input and output.
      _keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
      _block_size = int(ids.BLOCK_SIZE)
      assert 0 <= _keccak_state_size_felts < 100
      assert 0 <= _block_size < 10
      inp = [0] * _keccak_state_size_felts
      padding = (inp + keccak_func(inp)) * _block_size
      segments.write_arg(ids.keccak_ptr_end, padding)
    `,
    padBlocks,
  ],
  [
    code`
      from eth_hash.auto import keccak

      data, length = ids.data, ids.length

      if '__keccak_max_size' in globals():
          assert length <= __keccak_max_size, \
              f'unsafe_keccak() can only be used with length<={__keccak_max_size}. ' \
              f'Got: length={length}.'

      keccak_input = bytearray()
      for word_i, byte_i in enumerate(range(0, length, 16)):
          word = memory[data + word_i]
          n_bytes = min(16, length - byte_i)
          assert 0 <= word < 2 ** (8 * n_bytes)
          keccak_input += word.to_bytes(n_bytes, 'big')

      hashed = keccak(keccak_input)
      ids.high = int.from_bytes(hashed[:16], 'big')
      ids.low = int.from_bytes(hashed[16:32], 'big')
    `,
    unsafeKeccak,
  ],
  [
    code`
      from eth_hash.auto import keccak
      keccak_input = bytearray()
      n_elms = ids.keccak_state.end_ptr - ids.keccak_state.start_ptr
      for word in memory.get_range(ids.keccak_state.start_ptr, n_elms):
          keccak_input += word.to_bytes(16, 'big')
      hashed = keccak(keccak_input)
      ids.high = int.from_bytes(hashed[:16], 'big')
      ids.low = int.from_bytes(hashed[16:32], 'big')
    `,
    unsafeKeccakFinalize,
  ],
  [
    code`
      full_num = ids.keccak_builtin_state.s0
      full_num += (2**200) * ids.keccak_builtin_state.s1
      full_num += (2**400) * ids.keccak_builtin_state.s2
      full_num += (2**600) * ids.keccak_builtin_state.s3
      full_num += (2**800) * ids.keccak_builtin_state.s4
      full_num += (2**1000) * ids.keccak_builtin_state.s5
      full_num += (2**1200) * ids.keccak_builtin_state.s6
      full_num += (2**1400) * ids.keccak_builtin_state.s7
      for i in range(25):
          memory[ids.felt_array + i] = full_num % (2**64)
          full_num = full_num >> 64
    `,
    unpackState,
  ],
  ...builtinKeccakWords,
  ...simulatedKeccakWords,
]);
