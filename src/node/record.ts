/** What a data folder remembers of the node whose it is. */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { StoreError } from "../state/store/store-error.ts";
import { shown } from "./divergence.ts";
import type { NodeMode } from "./status.ts";

const KEY = Buffer.from("node");

export interface NodeIdentity {
  readonly mode: NodeMode;
  readonly chainId: Felt;
}

/**
 * Makes an empty store this node's, or checks that it is. A state that was taken on trust does not become an executed
 * one by another start. Throws StoreError.
 */
export function claimStore(store: KeyValueStore, identity: NodeIdentity): void {
  const bytes = store.get(KEY);
  if (bytes === undefined) {
    for (const [,] of store.range({ limit: 1 }))
      throw new StoreError(
        "FOREIGN",
        "the data folder holds the chain of a devnet, not that of a node: choose another folder",
      );
    store.batch([{ type: "put", key: KEY, value: serialize(identity) }]);
    return;
  }
  const { mode, chainId } = identityOf(bytes);
  if (mode !== identity.mode)
    throw new StoreError(
      "FOREIGN",
      `the data folder is that of a node of mode ${mode}: start it so, or choose another folder`,
    );
  if (chainId !== identity.chainId)
    throw new StoreError(
      "FOREIGN",
      `the data folder holds a chain with id ${shown(chainId)}, not ${shown(identity.chainId)}: start the node with that id, or choose another folder`,
    );
}

function identityOf(bytes: Uint8Array): NodeIdentity {
  try {
    return Object(deserialize(bytes)) as NodeIdentity;
  } catch (cause) {
    throw new StoreError(
      "CORRUPT",
      "the data folder is damaged: it does not say whose it is. Remove the folder and start again: the node fetches everything anew",
      { cause },
    );
  }
}
