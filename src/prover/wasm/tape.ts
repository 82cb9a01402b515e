// A tape of operations on blocks of pairs: how constraints and quotients are evaluated over rows. An entry is
// eight words: operation, destination, then for each of two operands address, mask and stride. An operand moves
// with the rows: at row j it starts (j & mask)*80 after its address and goes on by its stride; a mask of 0 and a
// stride of 0 make a constant, a mask of -1 a window onto a column, another mask a periodic table. A sum of products
// has the address of its terms, pairs of operands, in place of the first operand, and their number as its mask.
import { dot, DOT_ENTRY } from "./dot";
import { add, addLazy, mul, PAIR, sub, subLazy } from "./pair";

/** Pairs that an operation handles at once; periodic tables have at least as many. */
export const BLOCK: i32 = 16;

const ENTRY: usize = 32;

/**
 * Runs the tape over `pairs` pairs from row `first` on; windows start at that row, periodic tables at row 0.
 * Results are copied from `result` to `out`.
 */
export function runTape(
  tape: usize,
  entries: i32,
  first: i32,
  pairs: i32,
  result: usize,
  out: usize,
): void {
  for (let j: i32 = 0; j < pairs; j += BLOCK) {
    let entry = tape;
    for (const end = tape + <usize>entries * ENTRY; entry < end; entry += ENTRY) {
      const operation = load<i32>(entry);
      let d: usize = load<i32>(entry, 4);
      if (operation == 5) {
        sumOfProducts(d, load<i32>(entry, 8), load<i32>(entry, 12), j, first);
        continue;
      }
      let a = operand(entry + 8, j, first);
      let b = operand(entry + 20, j, first);
      const strideA: usize = load<i32>(entry, 16);
      const strideB: usize = load<i32>(entry, 28);
      const stop = d + <usize>BLOCK * PAIR;
      if (operation == 0)
        for (; d < stop; d += PAIR, a += strideA, b += strideB) mul(d, a, b);
      else if (operation == 1)
        for (; d < stop; d += PAIR, a += strideA, b += strideB) addLazy(d, a, b);
      else if (operation == 2)
        for (; d < stop; d += PAIR, a += strideA, b += strideB) subLazy(d, a, b);
      else if (operation == 3)
        for (; d < stop; d += PAIR, a += strideA, b += strideB) add(d, a, b);
      else for (; d < stop; d += PAIR, a += strideA, b += strideB) sub(d, a, b);
    }
    memory.copy(out + <usize>j * PAIR, result, <usize>BLOCK * PAIR);
  }
}

const terms = memory.data(1024, 16);

function sumOfProducts(d: usize, list: usize, n: i32, j: i32, first: i32): void {
  for (let k: i32 = 0; k < n; k++, list += 24) {
    const term = terms + <usize>k * DOT_ENTRY;
    store<u32>(term, operand(list, j, first));
    store<u32>(term, operand(list + 12, j, first), 4);
    store<u32>(term, load<u32>(list, 8), 8);
    store<u32>(term, load<u32>(list, 20), 12);
  }
  for (let i: i32 = 0; i < BLOCK; i++, d += PAIR) dot(d, terms, n, i);
}

// @ts-ignore: decorator
@inline
function operand(at: usize, j: i32, first: i32): usize {
  const mask = load<i32>(at, 4);
  const row = mask == -1 ? j : (first + j) & mask;
  return load<i32>(at) + <usize>row * PAIR;
}
