/** A state in the making: changes on top of a state that stays as it is, with marks to go back to. */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "./diff.ts";
import type { StateReader } from "./reader.ts";

/** One value of the state: as it is below, and as it is here. */
interface Cell {
  readonly initial: Felt;
  value: Felt;
}

/** A place in the journal; going back to it undoes all that came after. */
export type Checkpoint = number;

/** Values that came from the state below, before anything here changed them. */
export interface InitialReads {
  /** contract address -> storage key -> value */
  readonly storage: ReadonlyMap<Felt, ReadonlyMap<Felt, Felt>>;
  readonly nonces: ReadonlyMap<Felt, Felt>;
  readonly classHashes: ReadonlyMap<Felt, Felt>;
  /** class hash -> whether it was declared */
  readonly declaredClasses: ReadonlyMap<Felt, boolean>;
}

export class CachedState implements StateReader {
  readonly #below: StateReader;
  readonly #storage = new Map<Felt, Map<Felt, Cell>>();
  readonly #nonces = new Map<Felt, Cell>();
  readonly #classHashes = new Map<Felt, Cell>();
  readonly #compiledClassHashes = new Map<Felt, Cell>();
  /** Cells that were written since the outermost mark, with what they held before. */
  readonly #journal: { readonly cell: Cell; readonly previous: Felt }[] = [];
  #openMarks = 0;

  constructor(below: StateReader) {
    this.#below = below;
  }

  storageAt(address: Felt, key: Felt): Felt {
    return this.#storageCell(address, key).value;
  }

  nonceAt(address: Felt): Felt {
    return this.#nonceCell(address).value;
  }

  classHashAt(address: Felt): Felt {
    return this.#classHashCell(address).value;
  }

  compiledClassHash(classHash: Felt): Felt {
    return this.#compiledClassHashCell(classHash).value;
  }

  setStorage(address: Felt, key: Felt, value: Felt): void {
    this.#write(this.#storageCell(address, key), value);
  }

  setNonce(address: Felt, nonce: Felt): void {
    this.#write(this.#nonceCell(address), nonce);
  }

  setClassHash(address: Felt, classHash: Felt): void {
    this.#write(this.#classHashCell(address), classHash);
  }

  setCompiledClassHash(classHash: Felt, compiledClassHash: Felt): void {
    this.#write(this.#compiledClassHashCell(classHash), compiledClassHash);
  }

  /** A mark for the state as it is now. Marks nest: the last one taken is the first to be given back. */
  checkpoint(): Checkpoint {
    this.#openMarks++;
    return this.#journal.length;
  }

  /** Undoes every change since `mark`. Throws RangeError for a mark of the future. */
  rollback(mark: Checkpoint): void {
    if (mark > this.#journal.length || this.#openMarks === 0) {
      throw new RangeError(`"mark" expected one that is open, got ${mark}`);
    }
    while (this.#journal.length > mark) {
      const { cell, previous } = this.#journal.pop()!;
      cell.value = previous;
    }
    this.#openMarks--;
  }

  /** Keeps the changes since the last mark; an earlier mark can still undo them. */
  commit(mark: Checkpoint): void {
    if (mark > this.#journal.length || this.#openMarks === 0) {
      throw new RangeError(`"mark" expected one that is open, got ${mark}`);
    }
    if (--this.#openMarks === 0) this.#journal.length = 0;
  }

  /** What differs from the state below; values that were changed back do not. */
  diff(): StateDiff {
    const storage = new Map<Felt, ReadonlyMap<Felt, Felt>>();
    for (const [address, cells] of this.#storage) {
      const entries = changed(cells);
      if (entries.size > 0) storage.set(address, entries);
    }
    const deployedContracts = new Map<Felt, Felt>();
    const replacedClasses = new Map<Felt, Felt>();
    for (const [address, { initial, value }] of this.#classHashes) {
      if (value !== initial)
        (initial === 0n ? deployedContracts : replacedClasses).set(address, value);
    }
    return {
      storage,
      nonces: changed(this.#nonces),
      deployedContracts,
      replacedClasses,
      declaredClasses: changed(this.#compiledClassHashes),
    };
  }

  initialReads(): InitialReads {
    const initial = (cells: ReadonlyMap<Felt, Cell>): Map<Felt, Felt> =>
      new Map([...cells].map(([key, cell]) => [key, cell.initial]));
    return {
      storage: new Map([...this.#storage].map(([address, cells]) => [address, initial(cells)])),
      nonces: initial(this.#nonces),
      classHashes: initial(this.#classHashes),
      declaredClasses: new Map(
        [...this.#compiledClassHashes].map(([hash, cell]) => [hash, cell.initial !== 0n]),
      ),
    };
  }

  #write(cell: Cell, value: Felt): void {
    if (cell.value === value) return;
    if (this.#openMarks > 0) this.#journal.push({ cell, previous: cell.value });
    cell.value = value;
  }

  #storageCell(address: Felt, key: Felt): Cell {
    let cells = this.#storage.get(address);
    if (cells === undefined) this.#storage.set(address, (cells = new Map()));
    return cells.get(key) ?? fresh(cells, key, this.#below.storageAt(address, key));
  }

  #nonceCell(address: Felt): Cell {
    return this.#nonces.get(address) ?? fresh(this.#nonces, address, this.#below.nonceAt(address));
  }

  #classHashCell(address: Felt): Cell {
    return (
      this.#classHashes.get(address) ??
      fresh(this.#classHashes, address, this.#below.classHashAt(address))
    );
  }

  #compiledClassHashCell(classHash: Felt): Cell {
    const cells = this.#compiledClassHashes;
    return (
      cells.get(classHash) ?? fresh(cells, classHash, this.#below.compiledClassHash(classHash))
    );
  }
}

/** Writes all changes of a diff to a state. */
export function writeDiff(state: CachedState, diff: StateDiff): void {
  for (const [address, classHash] of diff.deployedContracts) state.setClassHash(address, classHash);
  for (const [address, classHash] of diff.replacedClasses) state.setClassHash(address, classHash);
  for (const [address, nonce] of diff.nonces) state.setNonce(address, nonce);
  for (const [classHash, compiled] of diff.declaredClasses) {
    state.setCompiledClassHash(classHash, compiled);
  }
  for (const [address, entries] of diff.storage) {
    for (const [key, value] of entries) state.setStorage(address, key, value);
  }
}

function fresh(cells: Map<Felt, Cell>, key: Felt, initial: Felt): Cell {
  const cell = { initial, value: initial };
  cells.set(key, cell);
  return cell;
}

function changed(cells: ReadonlyMap<Felt, Cell>): Map<Felt, Felt> {
  const values = new Map<Felt, Felt>();
  for (const [key, { initial, value }] of cells) if (value !== initial) values.set(key, value);
  return values;
}
