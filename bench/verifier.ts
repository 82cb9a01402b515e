/**
 * Gas of verification on L1 (a simulated network, its newest hardfork): what the transactions cost, what of it
 * calldata and execution are by the plain price of 16 a byte, and execution by phase. Of StarkWare's provers' proofs
 * in ../shared, where it is there, of a proof of our own at three blowups, and of any proof files that are named.
 *
 *   node bench/verifier.ts [proof.json ...]
 */
import { existsSync } from "node:fs";
import hre from "hardhat";
import { planVerification } from "../src/l1/verifier/calldata.ts";
import { VerifierClient } from "../src/l1/verifier/client.ts";
import { deployer } from "../src/l1/verifier/deployer.ts";
import { deployVerifier } from "../src/l1/verifier/deployment.ts";
import { calldataGas, profileVerification } from "../src/l1/verifier/phases.ts";
import { PROOF_LAYOUTS } from "../src/prover/air/layouts/index.ts";
import { type ProofFile, readProofFile } from "../src/prover/proof-file.ts";
import { prove } from "../src/prover/prove.ts";
import { verify } from "../src/prover/verifier/verify.ts";
import { proofRun } from "../test/support/cairo-program.ts";
import { sharedPath } from "../test/support/shared.ts";

const INTRINSIC = 21_000;
const STONE = ["small-2e13", "starknet-2e21"].map((name) =>
  sharedPath(`vectors/proofs/${name}-stone-v1.job.json.gz`),
);

const connection = await hre.network.create();
const { provider } = connection;
const [from] = (await provider.request({ method: "eth_accounts" })) as [string];

async function report(title: string, file: ProofFile): Promise<void> {
  const verification = verify(file);
  const settings = { security: { bits: 96, minPowBits: 0 } };
  const { deploy, gasUsed } = deployer(provider, from);
  const address = await deployVerifier(deploy, file.layout, settings);
  const deployment = gasUsed();
  const profile = await deployVerifier(deploy, file.layout, settings, "VerifierProfile");
  const client = (at: bigint): VerifierClient => new VerifierClient(provider, at, from);

  const sent = await client(address).register(file, verification);
  const { phases } = await profileVerification(client(profile), file, verification);
  const plan = planVerification(file, verification);
  const input =
    plan.kind === "one transaction"
      ? INTRINSIC + calldataGas(plan.data).standard
      : [plan.begin, ...plan.resume.map(({ proof }) => proof)].reduce(
          (sum, data) => sum + INTRINSIC + calldataGas(data).standard,
          0,
        );
  const { logRows, queries, logBlowup, powBits } = verification.parameters;
  const number = (value: number): string => value.toLocaleString("en").padStart(12);
  console.log(
    `\n${title}: ${file.layout}, 2^${logRows} rows, ${queries} queries, blowup ${2 ** logBlowup}, ${powBits} bits of work`,
  );
  for (const { name, gasUsed: gas, calldataBytes } of sent)
    console.log(`  ${name.padEnd(36)}${number(gas)}  (${calldataBytes} bytes)`);
  console.log(
    `  ${"all transactions".padEnd(36)}${number(sent.reduce((sum, t) => sum + t.gasUsed, 0))}`,
  );
  console.log(`  ${"21,000 each, 16 a byte, 4 a zero".padEnd(36)}${number(input)}`);
  console.log(
    `  ${"execution".padEnd(36)}${number(phases.reduce((sum, { gas }) => sum + gas, 0))}`,
  );
  for (const { phase, gas } of phases) console.log(`    ${phase.padEnd(34)}${number(gas)}`);
  console.log(`  ${"deployment, once".padEnd(36)}${number(deployment)}`);
}

const named = process.argv.slice(2);
const files = named.length > 0 ? named : STONE.filter((path) => existsSync(path));
for (const path of files) await report(path.split("/").at(-1)!, readProofFile(path));
if (named.length === 0) {
  for (const [logBlowup, powBits] of [
    [2, 20],
    [3, 24],
    [4, 24],
  ] as const) {
    const security = { bits: 96, logBlowup, powBits };
    const layout = PROOF_LAYOUTS.compact;
    await report("our own", await prove(proofRun("poseidon", "compact"), { layout, security }));
  }
}
await connection.close();
