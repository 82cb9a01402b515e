/** The parameters of a feeder gateway's request, which stand in its URL. */
import type { Felt } from "../../field/felt.ts";
import type { ChainView } from "../../starknet/chain-view.ts";
import { toHex } from "../../util/hex.ts";
import type { StateBlock } from "../execution-service.ts";
import { felt } from "../schema/numbers.ts";
import { SchemaError, type Schema } from "../schema/schema.ts";
import { FeederError } from "./errors.ts";

const malformed = (message: string): FeederError => new FeederError("MALFORMED_REQUEST", message);

/** Its methods throw FeederError, with the name of the parameter. */
export class Query {
  readonly #parameters: URLSearchParams;

  constructor(text: string) {
    this.#parameters = new URLSearchParams(text);
  }

  /** `false` where it is absent. */
  flag(name: string): boolean {
    const value = this.#parameters.get(name)?.toLowerCase() ?? "false";
    if (value !== "true" && value !== "false")
      throw malformed(`${name}: expected true or false, got ${JSON.stringify(value)}`);
    return value === "true";
  }

  felt(name: string): Felt {
    return this.#parse(name, felt, this.#required(name));
  }

  number(name: string): number {
    const value = this.#required(name);
    if (!/^\d{1,10}$/.test(value))
      throw malformed(`${name}: expected a block number, got ${JSON.stringify(value)}`);
    return Number(value);
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /**
   * The block that `blockNumber` or `blockHash` names; the latest without either, the open one as `pending`.
   * `l1_accepted` is ours: the newest on L1.
   */
  block(chain: ChainView): StateBlock {
    if (this.has("blockHash")) {
      if (this.has("blockNumber")) throw malformed("expected one of blockNumber and blockHash");
      if (this.#parameters.get("blockHash") === "pending") return "preConfirmed";
      const hash = this.felt("blockHash");
      const number = chain.numberOf(hash);
      if (number === undefined)
        throw new FeederError("BLOCK_NOT_FOUND", `Block hash ${toHex(hash)} was not found.`);
      return number;
    }
    switch (this.#parameters.get("blockNumber")) {
      case "pending":
      case "pre_confirmed":
        return "preConfirmed";
      case null:
      case "latest":
        return chain.latest().number;
      case "l1_accepted": {
        const number = chain.latestOnL1();
        if (number === undefined)
          throw new FeederError("BLOCK_NOT_FOUND", "No block has been accepted on L1.");
        return number;
      }
    }
    const number = this.number("blockNumber");
    if (number > chain.latest().number)
      throw new FeederError("BLOCK_NOT_FOUND", `Block number ${number} was not found.`);
    return number;
  }

  /** The same, which has to be closed. */
  closedBlock(chain: ChainView): number {
    const block = this.block(chain);
    if (block === "preConfirmed")
      throw malformed("expected a closed block: blockNumber=latest, a number, or blockHash");
    return block;
  }

  #required(name: string): string {
    const value = this.#parameters.get(name);
    if (value === null) throw malformed(`${name} is missing`);
    return value;
  }

  #parse<T>(name: string, schema: Schema<T>, value: string): T {
    try {
      return schema.parse(value);
    } catch (error) {
      throw error instanceof SchemaError ? malformed(error.within(name).message) : error;
    }
  }
}
