/** How the fact behind a state update comes into L1's registry. */
import { nextRange, type BlockRange } from "../starknet/output/range.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import { toPaddedHex } from "../util/hex.ts";
import { contractInterface } from "./artifacts.ts";
import type { Ethereum } from "./ethereum.ts";
import type { Operator } from "./operator.ts";
import { SettlementError } from "./settlement-error.ts";
import type { StateUpdate } from "./update.ts";

/** A transaction of L1 that helped to establish a fact. */
export interface FactTransaction {
  readonly name: string;
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/** Whoever can make the fact of an update valid: with a proof, or without. */
export interface FactEstablisher {
  /** Blocks from `first` on, to `last` or near it, whose fact can be established now; undefined for none yet. */
  range(first: number, last: number): BlockRange | undefined;
  /** Resolves when there is such a range. Rejects where there never will be. */
  ready(first: number): Promise<void>;
  /** Resolves when the fact is valid on L1; at once if it was. Rejects with SettlementError and L1's errors. */
  establish(update: StateUpdate): Promise<readonly FactTransaction[]>;
}

/** Whether a registry has a fact. */
export async function isValid(
  ethereum: Ethereum,
  registry: string,
  fact: bigint,
): Promise<boolean> {
  const registryInterface = contractInterface("UnprovenFactRegistry");
  const data = registryInterface.encodeFunctionData("isValid", [toPaddedHex(fact, 32)]);
  return BigInt(await ethereum.call(registry, data)) === 1n;
}

/** Says that a fact is true, to an `UnprovenFactRegistry`. Nothing is proven. */
export class UnprovenFacts implements FactEstablisher {
  readonly #chain: ChainView;
  readonly #ethereum: Ethereum;
  readonly #operator: Operator;
  readonly #registry: string;
  readonly #interface = contractInterface("UnprovenFactRegistry");

  /** @param operator owner of the registry */
  constructor(chain: ChainView, ethereum: Ethereum, operator: Operator, registry: string) {
    this.#chain = chain;
    this.#ethereum = ethereum;
    this.#operator = operator;
    this.#registry = registry;
  }

  range(first: number, last: number): BlockRange {
    return nextRange(this.#chain, first, last);
  }

  async ready(): Promise<void> {}

  async establish({ fact }: StateUpdate): Promise<readonly FactTransaction[]> {
    if (await isValid(this.#ethereum, this.#registry, fact)) return [];
    const data = this.#interface.encodeFunctionData("registerFact", [toPaddedHex(fact, 32)]);
    const { transactionHash, gasUsed } = await this.#operator.send({ to: this.#registry, data });
    return [{ name: "registerFact", transactionHash, gasUsed }];
  }
}

const nothingSettles = (): SettlementError =>
  new SettlementError(
    'nothing settles on L1: start with settlement "proven", or with "unproven", by which blocks settle without proofs',
  );

/** For an L1 on which nothing settles. */
export const NO_FACTS: FactEstablisher = {
  range: () => {
    throw nothingSettles();
  },
  ready: () => Promise.reject(nothingSettles()),
  establish: () => Promise.reject(nothingSettles()),
};
