/** The registry on L1 that takes facts about blocks with their proofs, and the OS program that it keeps. */
import { getAddress } from "ethers";
import { osProgram } from "../os/program.ts";
import { DEFAULT_SECURITY } from "../prover/verifier/verify.ts";
import { verifierLayout } from "../prover/verifier/layout.ts";
import { BLOCK_LAYOUT_NAME } from "../proving/prove-job.ts";
import { toPaddedHex } from "../util/hex.ts";
import { encodeArguments } from "./abi.ts";
import type { Operator } from "./operator.ts";
import { verifierCreationCode } from "./verifier/artifacts.ts";
import { deployFactRegistry, type Deploy, type DeployCode } from "./verifier/deployment.ts";
import { programOnL1, type ProgramOnL1 } from "./verifier/program.ts";

let onL1: ProgramOnL1 | undefined;

/** The OS program in the form in which L1 keeps it; hashed once per process. */
export function osProgramOnL1(): ProgramOnL1 {
  const { program, builtins } = osProgram();
  return (onL1 ??= programOnL1(program.bytecode, builtins, verifierLayout(BLOCK_LAYOUT_NAME)!));
}

/** Deploys the verifier of blocks' layout with a program, the OS if no other is named; the registry's address. */
export async function deployBlockRegistry(
  operator: Operator,
  program: ProgramOnL1 = osProgramOnL1(),
): Promise<string> {
  const deployCode: DeployCode = async (code) => {
    const { contractAddress } = await operator.send({
      data: `0x${Buffer.from(code).toString("hex")}`,
    });
    return BigInt(contractAddress!);
  };
  const deploy: Deploy = (name, args) =>
    deployCode(Buffer.concat([verifierCreationCode(name), encodeArguments(args)]));
  const registry = await deployFactRegistry(
    deploy,
    deployCode,
    BLOCK_LAYOUT_NAME,
    { security: DEFAULT_SECURITY },
    program,
  );
  return getAddress(toPaddedHex(registry, 20));
}
