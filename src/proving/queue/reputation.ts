/** Provers whose proofs were no good. Names are what provers say of themselves: this helps against faults, not lies. */

/** Bad proofs after which a prover is refused. */
const MAX_BAD = 3;
const MAX_REFUSED = 100;

export class Reputation {
  readonly #bad = new Map<string, number>();

  blame(prover: string): void {
    this.#bad.set(prover, (this.#bad.get(prover) ?? 0) + 1);
  }

  isRefused(prover: string): boolean {
    return (this.#bad.get(prover) ?? 0) >= MAX_BAD;
  }

  /** Those that were refused last. */
  get refused(): string[] {
    return [...this.#bad.keys()].filter((prover) => this.isRefused(prover)).slice(-MAX_REFUSED);
  }
}
