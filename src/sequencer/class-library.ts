/** The classes that executions of a chain find: those in storage, and those that a block is about to declare. */
import type { Felt } from "../field/felt.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import {
  cachedClassSource,
  makeRunnableClass,
  type ClassSource,
} from "../starknet/execution/environment.ts";

/** A class in both its forms. */
export interface NewClass {
  readonly sierra: SierraClass;
  readonly casm: CasmClass;
}

export class ClassLibrary implements ClassSource {
  readonly #pending = new Map<Felt, NewClass>();
  readonly #source: ClassSource;

  /** @param stored finds a class of the chain's storage */
  constructor(stored: (classHash: Felt) => NewClass | undefined) {
    this.#source = cachedClassSource((classHash) => {
      const found = this.#pending.get(classHash) ?? stored(classHash);
      return found && makeRunnableClass(found.sierra, found.casm);
    });
  }

  runnable(classHash: Felt): ReturnType<ClassSource["runnable"]> {
    return this.#source.runnable(classHash);
  }

  /** A class whose declaration is under way. A hash names one class only, so nothing is ever replaced. */
  add(classHash: Felt, added: NewClass): void {
    this.#pending.set(classHash, added);
  }

  pending(classHash: Felt): NewClass | undefined {
    return this.#pending.get(classHash);
  }

  /** The class is in storage now, or its declaration failed. */
  release(classHash: Felt): void {
    this.#pending.delete(classHash);
  }
}
