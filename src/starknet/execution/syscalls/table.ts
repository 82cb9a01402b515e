/** All syscalls of Cairo 1 classes, by selector: the name as a short string. */
import type { Felt } from "../../../field/felt.ts";
import { shortString } from "../../../field/short-string.ts";
import { callContract, deploy, libraryCall } from "./calls.ts";
import { emitEvent, sendMessageToL1 } from "./effects.ts";
import { getExecutionInfo } from "./execution-info.ts";
import { keccak, sha256ProcessBlock } from "./hashes.ts";
import { metaTxV0 } from "./meta-tx.ts";
import { secpSyscalls } from "./secp.ts";
import {
  getBlockHash,
  getClassHashAt,
  replaceClass,
  storageRead,
  storageWrite,
} from "./storage.ts";
import type { Syscall } from "./syscall.ts";

let table: ReadonlyMap<Felt, Syscall> | undefined;

export function syscallTable(): ReadonlyMap<Felt, Syscall> {
  if (table !== undefined) return table;
  const all = [
    callContract,
    libraryCall,
    deploy,
    metaTxV0,
    emitEvent,
    sendMessageToL1,
    getExecutionInfo,
    storageRead,
    storageWrite,
    replaceClass,
    getClassHashAt,
    getBlockHash,
    keccak,
    sha256ProcessBlock,
    ...secpSyscalls(),
  ];
  return (table = new Map(all.map((one) => [shortString(one.name), one])));
}
