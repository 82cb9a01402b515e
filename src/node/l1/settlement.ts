/** By what a core contract settles: whether its facts are proven, and whether they are this L2's. */
import { ZeroAddress } from "ethers";
import type { Felt } from "../../field/felt.ts";
import { osProgramOnL1 } from "../../l1/block-registry.ts";
import { CoreContract } from "../../l1/core-contract.ts";
import type { Ethereum } from "../../l1/ethereum.ts";
import { isValid } from "../../l1/facts-on-l1.ts";
import { configHash } from "../../l1/update.ts";
import { registryFault } from "../../l1/verifier/genuine.ts";
import { DEFAULT_SECURITY } from "../../prover/verifier/verify.ts";
import { BLOCK_LAYOUT_NAME } from "../../proving/prove-job.ts";
import { sharpFact } from "../../starknet/output/facts.ts";
import { toHex } from "../../util/hex.ts";
import { L1NodeError } from "./problem.ts";

export interface Settlement {
  /** That outputs for this L2 have. */
  readonly configHash: Felt;
  /** Where facts are whose proofs L1 has verified; undefined where the core contract's word is taken. */
  readonly registry: string | undefined;
}

export interface SettlementOptions {
  readonly core: string;
  readonly chainId: Felt;
  /** The token that is hashed into the L2's configuration. */
  readonly feeToken: Felt;
  /** Follow a core contract that asks for no proofs. */
  readonly acceptUnproven: boolean;
}

/** Rejects with L1NodeError, saying what does not fit, and with L1's errors. */
export async function readSettlement(
  ethereum: Ethereum,
  { core, chainId, feeToken, acceptUnproven }: SettlementOptions,
): Promise<Settlement> {
  const refuse = (reason: string): never => {
    throw new L1NodeError(`the core contract ${core} cannot be followed: ${reason}`);
  };
  if ((await ethereum.code(core)) === "0x") refuse("there is no contract at that address");
  const settings = await new CoreContract(ethereum, core)
    .settings()
    .catch((error: unknown) => refuse(`it does not answer as one: ${(error as Error).message}`));
  const ours = configHash(chainId, feeToken);
  if (settings.configHash !== ours)
    refuse(
      `its config hash is ${toHex(settings.configHash)}, that of chain id ${toHex(chainId)} is ${toHex(ours)}: name the L2's chain id`,
    );
  if (acceptUnproven) return { configHash: ours, registry: undefined };
  const registry = settings.verifier;
  const unproven = (reason: string): never =>
    refuse(
      `its state updates are not proven: ${reason}. To take the operator's word for them, say so (--accept-unproven).`,
    );
  if (registry === ZeroAddress) unproven("it has no fact registry");
  const program = osProgramOnL1();
  if (settings.programHash !== program.hash)
    unproven(
      `it takes runs of the program ${toHex(settings.programHash)}, the OS of this version is ${toHex(program.hash)}`,
    );
  const fault = await registryFault(
    ethereum,
    registry,
    BLOCK_LAYOUT_NAME,
    { security: DEFAULT_SECURITY },
    program,
  );
  if (fault !== undefined) unproven(`of its fact registry ${registry}, ${fault}`);
  return { configHash: ours, registry };
}

/**
 * Whether L1 has verified a proof that the OS of this version gave such an output: whatever program the core contract
 * asked for at the time.
 */
export const isProven = (
  ethereum: Ethereum,
  registry: string,
  outputFact: bigint,
): Promise<boolean> => isValid(ethereum, registry, sharpFact(osProgramOnL1().hash, outputFact));
