import { resolveClosed } from "../../blocks.ts";
import { invalidParams } from "../../errors.ts";
import { formatStorageProof } from "../../format/storage-proof.ts";
import { stateMethod } from "../../method.ts";
import { closedBlockId } from "../../schema/block-id.ts";
import { address, storageKey } from "../../schema/numbers.ts";
import { array, object, optional } from "../../schema/schema.ts";

/** Leaves that one request may prove, of all tries together. */
const MAX_LEAVES = 1024;

const contractStorageKeys = object({
  contract_address: address,
  storage_keys: array(storageKey, MAX_LEAVES),
});

export const getStorageProof = stateMethod({
  name: "starknet_getStorageProof",
  parameters: {
    block_id: closedBlockId,
    // Class hashes are keys of a trie of height 251, as addresses are.
    class_hashes: optional(array(address, MAX_LEAVES)),
    contract_addresses: optional(array(address, MAX_LEAVES)),
    contracts_storage_keys: optional(array(contractStorageKeys, MAX_LEAVES)),
  },
  handle({ chain }, params) {
    const number = resolveClosed(chain, params.block_id);
    const classHashes = params.class_hashes ?? [];
    const contractAddresses = params.contract_addresses ?? [];
    const storageKeys = (params.contracts_storage_keys ?? []).map(
      ({ contract_address, storage_keys }) => ({
        contractAddress: contract_address,
        keys: storage_keys,
      }),
    );
    const leaves = storageKeys.reduce(
      (sum, { keys }) => sum + Math.max(1, keys.length),
      classHashes.length + contractAddresses.length,
    );
    if (leaves > MAX_LEAVES) {
      throw invalidParams(`expected at most ${MAX_LEAVES} keys in all, got ${leaves}`);
    }
    const answer = chain.storageProof(number, { classHashes, contractAddresses, storageKeys });
    return formatStorageProof(answer, chain.header(number)!);
  },
});
