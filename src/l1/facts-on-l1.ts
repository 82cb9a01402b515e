/** How the fact behind a state update comes into L1's registry. */
import { toPaddedHex } from "../util/hex.ts";
import { contractInterface } from "./artifacts.ts";
import type { Ethereum } from "./ethereum.ts";
import type { Operator } from "./operator.ts";
import type { StateUpdate } from "./update.ts";

/** Whoever can make the fact of an update valid: with a proof, or without. */
export interface FactEstablisher {
  /** Resolves when the fact is valid on L1; at once if it was. Rejects with L1's errors. */
  establish(update: StateUpdate): Promise<void>;
}

/** Says that a fact is true, to an `UnprovenFactRegistry`. Nothing is proven. */
export class UnprovenFacts implements FactEstablisher {
  readonly #ethereum: Ethereum;
  readonly #operator: Operator;
  readonly #registry: string;
  readonly #interface = contractInterface("UnprovenFactRegistry");

  /** @param operator owner of the registry */
  constructor(ethereum: Ethereum, operator: Operator, registry: string) {
    this.#ethereum = ethereum;
    this.#operator = operator;
    this.#registry = registry;
  }

  async establish({ fact }: StateUpdate): Promise<void> {
    const word = toPaddedHex(fact, 32);
    const question = this.#interface.encodeFunctionData("isValid", [word]);
    if (BigInt(await this.#ethereum.call(this.#registry, question)) === 1n) return;
    const data = this.#interface.encodeFunctionData("registerFact", [word]);
    await this.#operator.send({ to: this.#registry, data });
  }
}
