/** The classes that executions of a chain find: those in storage, and those that a block is about to declare. */
import type { Felt } from "../field/felt.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import {
  cachedClassSource,
  makeRunnableClass,
  type ClassSource,
} from "../starknet/execution/environment.ts";
import { BoundedCache } from "../util/bounded-cache.ts";

/** A class in both its forms. */
export interface NewClass {
  readonly sierra: SierraClass;
  readonly casm: CasmClass;
}

/** Classes of simulated declarations that are kept: enough for a client's estimate and what follows it. */
const SIMULATED_CLASSES = 32;

export class ClassLibrary implements ClassSource {
  readonly #pending = new Map<Felt, NewClass>();
  readonly #simulated = new BoundedCache<Felt, NewClass>(SIMULATED_CLASSES);
  readonly #source: ClassSource;

  /** @param stored finds a class of the chain's storage */
  constructor(stored: (classHash: Felt) => NewClass | undefined) {
    this.#source = cachedClassSource((classHash) => {
      const found = this.known(classHash) ?? stored(classHash);
      return found && makeRunnableClass(found.sierra, found.casm);
    });
  }

  runnable(classHash: Felt): ReturnType<ClassSource["runnable"]> {
    return this.#source.runnable(classHash);
  }

  /** A class that is about to be declared. A hash names one class only, so nothing is ever replaced. */
  add(classHash: Felt, added: NewClass): void {
    this.#pending.set(classHash, added);
  }

  /** The class is in storage now, or its declaration failed. */
  release(classHash: Felt): void {
    this.#pending.delete(classHash);
  }

  /** A class whose declaration is only simulated; it may be forgotten when others come. */
  remember(classHash: Felt, simulated: NewClass): void {
    this.#simulated.set(classHash, simulated);
  }

  /** A class that is not in storage: pending, or simulated lately. */
  known(classHash: Felt): NewClass | undefined {
    return this.#pending.get(classHash) ?? this.#simulated.get(classHash);
  }
}
