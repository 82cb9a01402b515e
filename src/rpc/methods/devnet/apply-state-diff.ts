import type { Felt } from "../../../field/felt.ts";
import type { StateDiff } from "../../../state/diff.ts";
import { toHex } from "../../../util/hex.ts";
import { invalidParams } from "../../errors.ts";
import { devnetMethod } from "../../method.ts";
import { address, felt, storageKey } from "../../schema/numbers.ts";
import {
  array,
  mapped,
  object,
  optional,
  type Members,
  type ParsedMembers,
  type Schema,
} from "../../schema/schema.ts";
import { sierraClass } from "../../schema/transaction.ts";

const MAX_ENTRIES = 1 << 16;

/** A list of objects without unknown members; absent means empty. */
const list = <M extends Members>(members: M): Schema<ParsedMembers<M>[]> =>
  mapped(
    optional(array(object(members, { unknown: "refuse" }), MAX_ENTRIES)),
    (entries) => entries ?? [],
  );

const classHashes = { class_hash: felt, compiled_class_hash: felt };

const stateDiff = object(
  {
    storage_diffs: list({ address, storage_entries: list({ key: storageKey, value: felt }) }),
    nonces: list({ contract_address: address, nonce: felt }),
    deployed_contracts: list({ address, class_hash: felt }),
    replaced_classes: list({ contract_address: address, class_hash: felt }),
    declared_classes: list(classHashes),
    deprecated_declared_classes: optional(array(felt, MAX_ENTRIES)),
    migrated_compiled_classes: list(classHashes),
  },
  { unknown: "refuse" },
);

/** A map of pairs whose keys must differ. Throws INVALID_PARAMS. */
function unique<T>(name: string, pairs: readonly (readonly [Felt, T])[]): Map<Felt, T> {
  const map = new Map(pairs);
  if (map.size < pairs.length) throw invalidParams(`state_diff.${name}: expected each key once`);
  return map;
}

function refuseUnsupported(diff: ParsedMembers<{ d: typeof stateDiff }>["d"]): void {
  if (diff.migrated_compiled_classes.length > 0) {
    throw invalidParams("state_diff.migrated_compiled_classes: unsupported");
  }
  if ((diff.deprecated_declared_classes?.length ?? 0) > 0) {
    throw invalidParams(
      "state_diff.deprecated_declared_classes: Cairo 0 classes are not supported",
    );
  }
}

export const applyStateDiff = devnetMethod({
  name: "devnet_applyStateDiff",
  parameters: {
    state_diff: stateDiff,
    classes: list({
      contract_class: sierraClass,
      class_hash: optional(felt),
      compiled_class_hash: optional(felt),
    }),
  },
  mutates: true,
  async handle({ control }, { state_diff, classes }) {
    refuseUnsupported(state_diff);
    const diff: StateDiff = {
      storage: unique(
        "storage_diffs.address",
        state_diff.storage_diffs.map(({ address, storage_entries }) => [
          address,
          unique(
            "storage_diffs.storage_entries.key",
            storage_entries.map(({ key, value }) => [key, value]),
          ),
        ]),
      ),
      nonces: unique(
        "nonces.contract_address",
        state_diff.nonces.map(({ contract_address, nonce }) => [contract_address, nonce]),
      ),
      deployedContracts: unique(
        "deployed_contracts.address",
        state_diff.deployed_contracts.map(({ address, class_hash }) => [address, class_hash]),
      ),
      replacedClasses: unique(
        "replaced_classes.contract_address",
        state_diff.replaced_classes.map((entry) => [entry.contract_address, entry.class_hash]),
      ),
      declaredClasses: unique(
        "declared_classes.class_hash",
        state_diff.declared_classes.map((entry) => [entry.class_hash, entry.compiled_class_hash]),
      ),
    };
    const supplied = classes.map(({ contract_class, class_hash, compiled_class_hash }) => ({
      sierra: contract_class,
      classHash: class_hash,
      compiledClassHash: compiled_class_hash,
    }));
    const applied = await control.applyStateDiff(diff, supplied);
    return {
      classes: applied.map(({ classHash, compiledClassHash }) => ({
        class_hash: toHex(classHash),
        compiled_class_hash: toHex(compiledClassHash),
      })),
    };
  },
});
