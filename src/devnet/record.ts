/**
 * What a data folder remembers of the devnet that made it. Genesis depends on these options, so a later
 * start must have the same or leave them out.
 */
import { deserialize, serialize } from "node:v8";
import type { KeyValueStore } from "../state/store/store.ts";
import { OptionError, type DevnetOptions } from "./options.ts";

const KEY = Buffer.from("devnet");

type Recorded = Pick<DevnetOptions, "chainId" | "accounts" | "initialBalance"> & {
  readonly seed: number;
};

export class DevnetRecord {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
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
        `the data folder holds a chain with id 0x${recorded.chainId.toString(16)}, not 0x${chainId.toString(16)}: ` +
          "start it with that id, or choose another folder",
      );
    }
    return { ...options, ...recorded };
  }
}
