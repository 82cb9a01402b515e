import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { selectorOf } from "../src/l1/abi.ts";
import { VerifierClient } from "../src/l1/verifier/client.ts";
import { deployer, hasCode } from "../src/l1/verifier/deployer.ts";
import { deployVerifier } from "../src/l1/verifier/deployment.ts";
import { type Profile, profileVerification } from "../src/l1/verifier/phases.ts";
import { rejectionOf } from "../src/l1/verifier/rejections.ts";
import { NotAProofFile, type ProofFile, readProofFile } from "../src/prover/proof-file.ts";
import { type SecurityRequirement, securityBits } from "../src/prover/verifier/parameters.ts";
import { ProofRejected } from "../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../src/prover/verifier/verify.ts";
import { toPaddedHex } from "../src/util/hex.ts";
import { failed } from "./support.ts";

interface VerifyArguments {
  readonly proof: string;
  readonly security: string;
  readonly minPow: string;
  readonly verifier: string | undefined;
}

/** The contract does not take the proof: one that is given may ask for more than was asked for here. */
class RejectedOnL1 extends Error {}

const REJECTED = 1;
const NOT_A_PROOF = 2;

/** Verifies in TypeScript, then on L1. Exit code 0: accepted, 1: rejected, 2: not a proof. */
const action: NewTaskActionFunction<VerifyArguments> = async (args, hre) => {
  const required = { bits: number("security", args), minPowBits: number("minPow", args) };
  const verifier = address(args.verifier);
  try {
    const file = readProofFile(args.proof);
    const verification = verify(file, required);
    console.log(summary(file, verification));
    await verifyOnL1(hre, file, verification, required, verifier);
    console.log("accepted");
    return { accepted: true };
  } catch (error) {
    const expected =
      error instanceof ProofRejected ||
      error instanceof RejectedOnL1 ||
      error instanceof NotAProofFile;
    if (!expected) throw error;
    console.log(error.message);
    process.exitCode = error instanceof NotAProofFile ? NOT_A_PROOF : REJECTED;
    return { accepted: false };
  }
};

const summary = (
  { proof }: ProofFile,
  { layout, parameters, queries, publicInput }: Verification,
): string =>
  [
    `layout      ${layout}, 2^${parameters.logRows} rows, ${publicInput.pages.length} memory pages`,
    `security    ${securityBits(parameters)} bits: ${parameters.queries} queries (${queries.length} distinct), ` +
      `blowup ${2 ** parameters.logBlowup}, ${parameters.powBits} bits of work`,
    `FRI steps   ${parameters.friSteps.join(", ")}; last layer 2^${parameters.logLast}`,
    `proof       ${proof.length} bytes, accepted by the TypeScript verifier`,
  ].join("\n");

/** Deploys the verifier of the layout, unless one is given, and lets it check the proof. */
async function verifyOnL1(
  hre: HardhatRuntimeEnvironment,
  file: ProofFile,
  verification: Verification,
  required: SecurityRequirement,
  verifier: bigint | undefined,
): Promise<void> {
  const connection = await hre.network.create();
  try {
    const { provider } = connection;
    const [from] = (await provider.request({ method: "eth_accounts" })) as string[];
    if (from === undefined) throw failed("the network has no account to send from");
    const { deploy, gasUsed } = deployer(provider, from);
    const settings = { security: required };
    if (verifier !== undefined && !(await hasCode(provider, verifier)))
      throw failed("--verifier: there is no contract at that address");
    const at = verifier ?? (await deployVerifier(deploy, file.layout, settings));
    if (verifier === undefined)
      console.log(`verifier    ${toPaddedHex(at, 20)}, deployed for ${gas(gasUsed())} gas`);
    const client = new VerifierClient(provider, at, from);
    if (verifier !== undefined) {
      const asDeployed = await client.call(selectorOf("securityBits()")).catch(() => undefined);
      if (asDeployed?.length !== 32) throw failed("--verifier: the contract there is no verifier");
    }
    try {
      const sent = await client.register(file, verification);
      for (const { name, gasUsed: used, calldataBytes } of sent)
        console.log(`${name.padEnd(12)}${gas(used)} gas, ${calldataBytes} bytes of calldata`);
    } catch (error) {
      throw new RejectedOnL1(`rejected on L1: ${rejectionOf(error)}`);
    }
    if (verifier === undefined) {
      const profile = await deployVerifier(deploy, file.layout, settings, "VerifierProfile");
      const profiler = new VerifierClient(provider, profile, from);
      console.log(phaseTable(await profileVerification(profiler, file, verification)));
    }
  } finally {
    await connection.close();
  }
}

const gas = (value: number): string => value.toLocaleString("en");

const phaseTable = ({ phases }: Profile): string =>
  [
    "execution by phase:",
    ...phases.map(({ phase, gas: used }) => `  ${phase.padEnd(36)}${gas(used).padStart(11)}`),
  ].join("\n");

function number(name: "security" | "minPow", args: VerifyArguments): number {
  const text = args[name];
  const flag = name === "minPow" ? "min-pow" : name;
  if (!/^\d{1,4}$/.test(text)) throw failed(`--${flag}: expected a number of bits, got "${text}"`);
  return Number(text);
}

function address(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (!/^0x[0-9a-f]{40}$/i.test(text))
    throw failed(`--verifier: expected an address, got "${text}"`);
  return BigInt(text);
}

export default action;
