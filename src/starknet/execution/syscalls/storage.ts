/** Storage, classes and blocks: what contracts read and write of the state. */
import { BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER } from "../../constants.ts";
import type { Felt } from "../../../field/felt.ts";
import { declaredClass, notDeclared } from "../classes.ts";
import { failure } from "../failure.ts";
import { notInValidation, panic, syscall } from "./syscall.ts";
import type { RequestReader } from "./syscall.ts";

/** Domain 0 is the only one, and the only key space. */
function storageKey(request: RequestReader): Felt {
  const domain = request.felt();
  if (domain !== 0n) throw failure(`Invalid address domain: ${domain}.`);
  return request.key();
}

export const storageRead = syscall({
  name: "StorageRead",
  read: storageKey,
  execute: ({ context, call }, key) => [context.state.storageAt(call.contractAddress, key)],
});

export const storageWrite = syscall({
  name: "StorageWrite",
  read: (request) => ({ key: storageKey(request), value: request.felt() }),
  execute({ context, call }, { key, value }) {
    context.state.setStorage(call.contractAddress, key, value);
    return [];
  },
});

export const replaceClass = syscall({
  name: "ReplaceClass",
  read: (request) => request.felt(),
  execute({ context, call }, classHash) {
    if (declaredClass(context, classHash) === undefined) throw failure(notDeclared(classHash));
    context.state.setClassHash(call.contractAddress, classHash);
    return [];
  },
});

export const getClassHashAt = syscall({
  name: "GetClassHashAt",
  read: (request) => request.key(),
  execute({ context }, address) {
    if (context.mode === "VALIDATE") throw notInValidation("get_class_hash_at");
    return [context.state.classHashAt(address)];
  },
});

export const getBlockHash = syscall({
  name: "GetBlockHash",
  read: (request) => request.u64("Block number must fit within 64 bits."),
  execute({ context }, number) {
    // The block's own number, in validation too: a validation must not depend on a younger block.
    if (number > BigInt(context.block.number) - BigInt(STORED_BLOCK_HASH_BUFFER)) {
      if (context.mode === "VALIDATE") throw notInValidation("get_block_hash on recent blocks");
      return panic("blockNumberOutOfRange");
    }
    return [context.state.storageAt(BLOCK_HASH_CONTRACT, number)];
  },
});
