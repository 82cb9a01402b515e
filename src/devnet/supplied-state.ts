/** State that a user writes directly, with `devnet_applyStateDiff`. */
import type { Felt } from "../field/felt.ts";
import { ControlError, type SuppliedClass } from "../rpc/control.ts";
import type { NewClass } from "../sequencer/class-library.ts";
import type { StateDiff } from "../state/diff.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { compiledClassHash } from "../starknet/class/compiled-class-hash.ts";
import { ClassError } from "../starknet/class/errors.ts";
import { toHex } from "../util/hex.ts";
import type { DevnetCore } from "./core.ts";

/** A supplied class with its true hashes. */
export interface PreparedClass extends NewClass {
  readonly classHash: Felt;
  readonly compiledClassHash: Felt;
}

/** Compiles a class and checks the hashes that came with it. Rejects with ControlError. */
export async function compileSupplied(
  core: DevnetCore,
  supplied: SuppliedClass,
): Promise<PreparedClass> {
  const { sierra } = supplied;
  const classHash = sierraClassHash(sierra);
  expectHash("class_hash", supplied.classHash, classHash);
  try {
    const casm = await core.compile(sierra, classHash);
    const compiled = compiledClassHash(casm);
    expectHash("compiled_class_hash", supplied.compiledClassHash, compiled);
    return { sierra, casm, classHash, compiledClassHash: compiled };
  } catch (error) {
    if (!(error instanceof ClassError)) throw error;
    throw new ControlError("INVALID_CONTRACT_CLASS", error.message);
  }
}

function expectHash(name: string, given: Felt | undefined, actual: Felt): void {
  if (given === undefined || given === actual) return;
  throw new ControlError("INVALID", `${name}: the class has ${toHex(actual)}, not ${toHex(given)}`);
}

/**
 * Writes a diff into the open block, all of it or, when it throws ControlError, nothing. What is refused is what
 * starknet-devnet 0.10.1 refuses (`state_mutation.rs`).
 */
export function applyDiff(
  core: DevnetCore,
  diff: StateDiff,
  classes: readonly PreparedClass[],
): void {
  const { sequencer, library } = core;
  const supplied = new Map(classes.map((one) => [one.classHash, one]));
  const { state } = sequencer.openBlock();
  const isKnown = (classHash: Felt): boolean =>
    supplied.has(classHash) || state.compiledClassHash(classHash) !== 0n;

  for (const [classHash, compiled] of diff.declaredClasses) {
    if (!isKnown(classHash))
      throw new ControlError(
        "CLASS_HASH_NOT_FOUND",
        `class ${toHex(classHash)} is not known: supply it in classes`,
      );
    expectHash(
      "compiled_class_hash",
      compiled,
      supplied.get(classHash)?.compiledClassHash ?? state.compiledClassHash(classHash),
    );
  }
  for (const classHash of [...diff.deployedContracts.values(), ...diff.replacedClasses.values()]) {
    if (!isKnown(classHash))
      throw new ControlError("CLASS_HASH_NOT_FOUND", `class ${toHex(classHash)} is not declared`);
  }
  const isDeployed = (address: Felt): boolean => state.classHashAt(address) !== 0n;
  for (const address of diff.deployedContracts.keys()) {
    if (address === 0n || isDeployed(address))
      throw new ControlError("INVALID", `deployed_contracts: ${toHex(address)} is not free`);
    if (diff.replacedClasses.has(address))
      throw new ControlError("INVALID", `${toHex(address)} is deployed and replaced at once`);
  }
  for (const address of [
    ...diff.replacedClasses.keys(),
    ...diff.storage.keys(),
    ...diff.nonces.keys(),
  ]) {
    if (!diff.deployedContracts.has(address) && !isDeployed(address))
      throw new ControlError("CONTRACT_NOT_FOUND", `no contract at ${toHex(address)}`);
  }

  for (const { classHash, sierra, casm } of classes) library.add(classHash, { sierra, casm });
  sequencer.writeState(diff, supplied);
}
