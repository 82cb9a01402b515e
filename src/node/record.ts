/** What a data folder remembers of the node whose it is. */
import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import { isEmptyStore, type KeyValueStore } from "../state/store/store.ts";
import { StoreError } from "../state/store/store-error.ts";
import { shown } from "./divergence.ts";
import type { NodeMode } from "./status.ts";

const KEY = Buffer.from("node");

/** The options by which a node takes on trust what its mode checks. */
const TRUSTING: Readonly<Partial<Record<NodeMode, string>>> = {
  replay: "--accept-written",
  l1: "--accept-unproven",
};

export interface NodeIdentity {
  readonly mode: NodeMode;
  readonly chainId: Felt;
  /** Whether states may be there that were taken on trust, as `--accept-written` and `--accept-unproven` have it. */
  readonly onTrust: boolean;
}

/**
 * Makes an empty store this node's, or checks that it is. A state that was taken on trust does not become a checked one
 * by another start. Throws StoreError.
 */
export function claimStore(store: KeyValueStore, { mode, chainId, onTrust }: NodeIdentity): void {
  // Nothing else of what a caller passes: URLs hold keys.
  const identity: NodeIdentity = { mode, chainId, onTrust };
  const bytes = store.get(KEY);
  if (bytes === undefined) {
    if (!isEmptyStore(store))
      throw new StoreError(
        "FOREIGN",
        "the data folder holds the chain of a devnet, not that of a node: choose another folder",
      );
  } else {
    const stored = identityOf(bytes);
    requireSame(stored, identity);
    if (isDeepStrictEqual(stored, identity)) return;
  }
  store.batch([{ type: "put", key: KEY, value: serialize(identity) }]);
}

function requireSame(stored: StoredIdentity, { mode, chainId, onTrust }: NodeIdentity): void {
  const refuse = (reason: string): never => {
    throw new StoreError("FOREIGN", `the data folder ${reason}, or choose another folder`);
  };
  if (stored.mode !== mode) refuse(`is that of a node of mode ${stored.mode}: start it so`);
  if (stored.chainId !== chainId)
    refuse(
      `holds a chain with id ${shown(stored.chainId)}, not ${shown(chainId)}: start the node with that id`,
    );
  if (stored.onTrust === true && !onTrust)
    refuse(
      `was filled with ${TRUSTING[mode]}, so that nobody has checked some of its states: start the node with that option again`,
    );
}

/** Folders of earlier versions do not say whether states were taken on trust. */
type StoredIdentity = Omit<NodeIdentity, "onTrust"> & Partial<NodeIdentity>;

function identityOf(bytes: Uint8Array): StoredIdentity {
  try {
    return Object(deserialize(bytes)) as StoredIdentity;
  } catch (cause) {
    throw new StoreError(
      "CORRUPT",
      "the data folder is damaged: it does not say whose it is. Remove the folder and start again: the node fetches everything anew",
      { cause },
    );
  }
}
