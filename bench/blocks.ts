/**
 * What a proof of a block costs, by the number of its STRK transfers: steps, rows, the prover's time and memory, L1 gas.
 *
 *   node bench/blocks.ts [--openzeppelin] [number of transfers ...]
 *
 * Peak memory is that of the process so far: one number of transfers at a time shows its own.
 */
import { parseArgs } from "node:util";
import hre from "hardhat";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { osProgramOnL1 } from "../src/l1/block-registry.ts";
import { CoreContract } from "../src/l1/core-contract.ts";
import { deploy } from "../src/l1/deployment.ts";
import { Ethereum } from "../src/l1/ethereum.ts";
import { openOperator, TRANSACTION_GAS_CAP } from "../src/l1/operator.ts";
import { inProcessTransport } from "../src/l1/transport.ts";
import { buildUpdate, configHash } from "../src/l1/update.ts";
import { factPurpose, planVerification } from "../src/l1/verifier/calldata.ts";
import { createJob } from "../src/proving/job.ts";
import { proveJob } from "../src/proving/prove-job.ts";
import { verify } from "../src/prover/verifier/verify.ts";
import { TransferChain } from "./support/transfers.ts";

const { values, positionals } = parseArgs({
  options: { openzeppelin: { type: "boolean", default: false } },
  allowPositionals: true,
});
const counts = positionals.map(Number);
const transfers = await TransferChain.create(values.openzeppelin ? "OpenZeppelin's" : "our");
const { core } = transfers;
const connection = await hre.network.create();
const ethereum = new Ethereum(inProcessTransport(connection.provider));
const operator = await openOperator(ethereum, undefined);
const { chain } = core.sequencer;
const identity = {
  programHash: osProgramOnL1().hash,
  configHash: configHash(chain.chainId, STRK_TOKEN),
};
const parts = { ethereum, operator, identity, mode: "proven" } as const;
const { core: address, factRegistry } = await deploy(parts, chain, chain.latest().number);
const contract = new CoreContract(ethereum, address);

for (const count of counts.length > 0 ? counts : [1, 10]) {
  const { number } = (await transfers.block(count)).header;
  const range = { first: number, last: number };
  const job = createJob(chain, core.environment, range);
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const { file, steps, rows } = await proveJob(job, { threads: 2 });
  const seconds = (performance.now() - wall) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { main, stateDiff } = buildUpdate(chain, range, identity);
  const plan = planVerification(file, verify(file), factPurpose(file, main.length));
  if (plan.kind !== "one transaction") throw new Error("expected a proof for one transaction");
  const proof = await operator.send({
    to: factRegistry!,
    data: `0x${Buffer.from(plan.data).toString("hex")}`,
    gasLimit: TRANSACTION_GAS_CAP,
  });
  const update = await operator.send({
    to: address,
    data: contract.encodeUpdate(main, stateDiff),
  });
  const gas = Number(proof.gasUsed + update.gasUsed);
  console.log(
    `${String(count).padStart(3)} transfers  2^${Math.log2(steps)} steps  2^${Math.log2(rows)} rows  ` +
      `${((user + system) / 1e6).toFixed(1)} s CPU  ${seconds.toFixed(1)} s wall  ` +
      `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB  ${plan.data.length} bytes of calldata  ` +
      `${proof.gasUsed} + ${update.gasUsed} gas, ${Math.round(gas / count)} a transaction`,
  );
}
await transfers.close();
await connection.close();
