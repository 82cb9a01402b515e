/**
 * What a data folder remembers of the devnet that made it. Genesis depends on these options, so a later
 * start must have the same or leave them out.
 */
import { deserialize, serialize } from "node:v8";
import { shortStringOrHex } from "../field/short-string.ts";
import { StoreError } from "../state/store/store-error.ts";
import { isEmptyStore, type KeyValueStore } from "../state/store/store.ts";
import { OptionError, type DevnetOptions } from "./options.ts";

const KEY = Buffer.from("devnet");

type Recorded = Pick<DevnetOptions, "chainId" | "accounts" | "initialBalance"> & {
  readonly seed: number;
};

export class DevnetRecord {
  readonly #store: KeyValueStore;

  /** Throws StoreError where the store holds something, but no devnet's chain. */
  constructor(store: KeyValueStore) {
    this.#store = store;
    if (store.get(KEY) === undefined && !isEmptyStore(store))
      throw new StoreError(
        "FOREIGN",
        "the data folder holds the chain of a node, not that of a devnet: choose another folder",
      );
  }

  /**
   * The options that are in force: those given for a new chain, which are recorded; for a chain that exists, the
   * recorded seed, accounts and balances. Throws OptionError when the chain id is another.
   */
  settle<Options extends Recorded>(options: Options, isNew: boolean): Options {
    const { seed, accounts, initialBalance, chainId } = options;
    if (isNew) {
      const recorded: Recorded = { seed, accounts, initialBalance, chainId };
      this.#store.batch([{ type: "put", key: KEY, value: serialize(recorded) }]);
      return options;
    }
    const recorded = deserialize(this.#store.get(KEY)!) as Recorded;
    if (recorded.chainId !== chainId) {
      throw new OptionError(
        `the data folder holds a chain with id ${shortStringOrHex(recorded.chainId)}, not ${shortStringOrHex(chainId)}: ` +
          "start it with that id, or choose another folder",
      );
    }
    return { ...options, ...recorded };
  }
}
