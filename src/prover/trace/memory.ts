/** The memory of a run, and the pool of accesses to it. */
import type { Felt } from "../../field/felt.ts";
import { type LayoutDefinition, type Share, virtual } from "../air/layout.ts";
import { ProverError } from "../errors.ts";
import { readWords, type TraceTable, WORDS, writeWords } from "./table.ts";

/** Bytes of an entry of cairo-run's memory file: address and value. */
const ENTRY_WORDS = 2 + WORDS;

/** Cells by address, from 1 on. */
export class RunMemory {
  readonly #words: Uint32Array;
  readonly #known: Uint8Array;
  #last = 0;

  /** @param limit addresses stay below it */
  constructor(limit: number) {
    this.#words = new Uint32Array(limit * WORDS);
    this.#known = new Uint8Array(limit);
  }

  /** The highest address in use. */
  get last(): number {
    return this.#last;
  }

  has(address: number): boolean {
    return this.#known[address] === 1;
  }

  /** A cell that was not written is 0. */
  get(address: number): Felt {
    return readWords(this.#words, address * WORDS);
  }

  /** The words of all cells, that of address a at 8·a. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Throws ProverError for an address out of range or another value than the cell has. */
  set(address: number, value: Felt): void {
    this.touch(address);
    if (this.has(address)) {
      if (this.get(address) !== value)
        throw new ProverError("INVALID_RUN", `the memory cell ${address} has another value`);
      return;
    }
    writeWords(this.#words, address * WORDS, value);
    this.#known[address] = 1;
  }

  /** Counts `address` as in use. Throws ProverError for one out of range. */
  touch(address: number): void {
    if (address < 1 || address >= this.#known.length)
      throw new ProverError(
        "LAYOUT",
        `address ${address} is outside of the ${this.#known.length} cells that the trace has room for`,
      );
    if (address > this.#last) this.#last = address;
  }

  /** Reads cairo-run's memory file. */
  load(file: Uint8Array): void {
    const entries = new Uint32Array(file.buffer, file.byteOffset, file.length / 4);
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const address = entries[at]! + entries[at + 1]! * 2 ** 32;
      this.touch(address);
      this.#words.set(entries.subarray(at + 2, at + ENTRY_WORDS), address * WORDS);
      this.#known[address] = 1;
    }
  }
}

/** Which address each cell of the memory pool accesses. */
export class MemoryPool {
  readonly #layout: LayoutDefinition;
  readonly #table: TraceTable;
  readonly #memory: RunMemory;
  /** 0: free. */
  readonly #addresses: Uint32Array;

  constructor(table: TraceTable, layout: LayoutDefinition, memory: RunMemory) {
    this.#layout = layout;
    this.#table = table;
    this.#memory = memory;
    this.#addresses = new Uint32Array(table.rows / layout.memory.address[1]);
  }

  /** Row `row` of a share of the pool accesses `address`. */
  place([step, offset]: Share, row: number, address: number): void {
    this.#memory.touch(address);
    this.#addresses[offset + step * row] = address;
  }

  /**
   * Fills the free cells, writes the pool and its sorted copy. In the copy, the public cells and as many
   * padding cells as it takes stand for the pool's zero cells. Addresses that nobody accessed are accessed from
   * free cells, because the copy has to be continuous. Throws ProverError where those are too few.
   */
  write(publicAddresses: readonly number[], padding: number): void {
    const addresses = this.#addresses;
    const [publicStep, publicOffset] = this.#layout.memory.publicCells;
    const counts = new Uint32Array(this.#memory.last + 1);
    const isPublic = (cell: number): boolean => cell % publicStep === publicOffset;
    for (const address of addresses) counts[address]!++;
    for (const address of publicAddresses) {
      this.#memory.touch(address);
      counts[address]!++;
    }
    const slots = addresses.length / publicStep;
    if (publicAddresses.length > slots)
      throw new ProverError(
        "LAYOUT",
        `${publicAddresses.length} cells of public memory, room for ${slots}: the trace is too short`,
      );
    counts[padding]! += slots - publicAddresses.length;

    let gap = 1;
    const nextGap = (): number => {
      while (gap < counts.length && counts[gap] !== 0) gap++;
      return gap < counts.length ? gap : padding;
    };
    for (let cell = 0; cell < addresses.length; cell++) {
      if (addresses[cell] !== 0 || isPublic(cell)) continue;
      const address = nextGap();
      addresses[cell] = address;
      counts[address]!++;
    }
    if (nextGap() !== padding || counts[padding] === 0)
      throw new ProverError(
        "LAYOUT",
        `memory has more holes than the trace has free cells (the cell ${gap} is one)`,
      );
    this.#writeColumns(counts);
  }

  #writeColumns(counts: Uint32Array): void {
    const { address, value, sortedAddress, sortedValue } = this.#layout.memory;
    const columns = [address, value, sortedAddress, sortedValue].map(virtual);
    const [addressColumn, valueColumn, sortedAddressColumn, sortedValueColumn] = columns as [
      ReturnType<typeof virtual>,
      ReturnType<typeof virtual>,
      ReturnType<typeof virtual>,
      ReturnType<typeof virtual>,
    ];
    const { words } = this.#memory;
    this.#addresses.forEach((accessed, cell) => {
      if (accessed === 0) return; // public: stays (0, 0)
      this.#table.setNumber(addressColumn, cell, accessed);
      this.#table.copy(valueColumn, cell, words, accessed * WORDS);
    });
    let row = 0;
    for (let accessed = 1; accessed < counts.length; accessed++)
      for (let i = counts[accessed]!; i > 0; i--, row++) {
        this.#table.setNumber(sortedAddressColumn, row, accessed);
        this.#table.copy(sortedValueColumn, row, words, accessed * WORDS);
      }
  }
}
