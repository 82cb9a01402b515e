/** State diffs in the gateways' JSON, both ways. */
import type { Felt } from "../../../field/felt.ts";
import type { StateDiff } from "../../../state/diff.ts";
import { toHex } from "../../../util/hex.ts";
import { sorted } from "../../format/felts.ts";
import { address, felt, storageKey } from "../../schema/numbers.ts";
import {
  array,
  entries,
  mapped,
  object,
  optional,
  record,
  type Schema,
} from "../../schema/schema.ts";

const formatContracts = (classHashes: ReadonlyMap<Felt, Felt>): object[] =>
  sorted(classHashes).map(([address, classHash]) => ({
    address: toHex(address),
    class_hash: toHex(classHash),
  }));

export const formatStateDiff = (diff: StateDiff): object => ({
  storage_diffs: Object.fromEntries(
    sorted(diff.storage).map(([address, values]) => [
      toHex(address),
      sorted(values).map(([key, value]) => ({ key: toHex(key), value: toHex(value) })),
    ]),
  ),
  nonces: Object.fromEntries(
    sorted(diff.nonces).map(([address, nonce]) => [toHex(address), toHex(nonce)]),
  ),
  deployed_contracts: formatContracts(diff.deployedContracts),
  old_declared_contracts: [],
  declared_classes: sorted(diff.declaredClasses).map(([classHash, compiledClassHash]) => ({
    class_hash: toHex(classHash),
    compiled_class_hash: toHex(compiledClassHash),
  })),
  replaced_classes: formatContracts(diff.replacedClasses),
});

/** Most entries of one list that are read; the answer's size is bounded too. */
const MAX_ENTRIES = 1 << 20;

const contracts = entries(
  mapped(object({ address, class_hash: felt }), ({ address, class_hash }) => [address, class_hash]),
  MAX_ENTRIES,
);

const storage = entries(
  mapped(object({ key: storageKey, value: felt }), ({ key, value }) => [key, value]),
  MAX_ENTRIES,
);

const classes = entries(
  mapped(
    object({ class_hash: felt, compiled_class_hash: felt }),
    ({ class_hash, compiled_class_hash }) => [class_hash, compiled_class_hash],
  ),
  MAX_ENTRIES,
);

/** What protocol 0.14.0 does not do. */
const nothing = array(felt, 0);

export const stateDiff: Schema<StateDiff> = mapped(
  object({
    storage_diffs: record(address, storage, MAX_ENTRIES),
    nonces: record(address, felt, MAX_ENTRIES),
    deployed_contracts: contracts,
    old_declared_contracts: nothing,
    declared_classes: classes,
    replaced_classes: contracts,
    migrated_compiled_classes: optional(nothing),
  }),
  (members) => ({
    // A contract without an entry changes nothing: the commitment does not cover it.
    storage: new Map([...members.storage_diffs].filter(([, values]) => values.size > 0)),
    nonces: members.nonces,
    deployedContracts: members.deployed_contracts,
    declaredClasses: members.declared_classes,
    replacedClasses: members.replaced_classes,
  }),
);
