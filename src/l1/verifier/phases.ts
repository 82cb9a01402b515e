/** What each phase of a verification costs on L1 (contracts/verifier/VerifierProfile.sol). */
import { AbiCoder } from "ethers";
import type { ProofFile } from "../../prover/proof-file.ts";
import type { Verification } from "../../prover/verifier/verify.ts";
import { encodeCall } from "../abi.ts";
import { proofParts, statementArguments } from "./calldata.ts";
import type { VerifierClient } from "./client.ts";

export interface PhaseGas {
  readonly phase: string;
  readonly gas: number;
}

const PHASES = [
  "statement",
  "commitments, out-of-domain values",
  "public memory",
  "constraints",
  "FRI commitments, work, queries",
  "openings, DEEP quotient",
];

/** Of so many phases: those above, then one for each layer of FRI. */
export const phaseNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const name = PHASES[i] ?? `FRI layer ${i - PHASES.length + 1}`;
    return i === count - 1 ? `${name}, last layer` : name;
  });

export interface Profile {
  /** Execution only, calldata not among it. */
  readonly phases: readonly PhaseGas[];
  /** The channel's digest when the out-of-domain values, and when all messages have been read. */
  readonly digests: readonly bigint[];
  readonly queries: readonly number[];
}

/** @param client of a VerifierProfile */
export async function profileVerification(
  client: VerifierClient,
  file: ProofFile,
  verification: Verification,
): Promise<Profile> {
  const { head, layers } = proofParts(file, verification);
  const data = encodeCall("profile(uint256[],uint256[],uint256[][],bytes)", [
    ...statementArguments(file),
    Buffer.concat([head, ...layers]),
  ]);
  const [gas, digests, queries] = AbiCoder.defaultAbiCoder().decode(
    ["uint256[]", "uint256[2]", "uint256[]"],
    await client.call(data),
  ) as unknown as [bigint[], bigint[], bigint[]];
  const names = phaseNames(gas.length);
  const phases = [...gas].map((value, i) => ({ phase: names[i]!, gas: Number(value) }));
  return { phases, digests: [...digests], queries: [...queries].map(Number) };
}

/** Calldata's price: 16 a byte, 4 a zero byte (EIP-2028), and its floor, 40 and 10 (EIP-7623). */
export function calldataGas(data: Uint8Array): {
  readonly standard: number;
  readonly floor: number;
} {
  const zeros = data.filter((byte) => byte === 0).length;
  const tokens = zeros + 4 * (data.length - zeros);
  return { standard: 4 * tokens, floor: 10 * tokens };
}
