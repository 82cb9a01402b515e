/**
 * What a proof of a block costs, by the number of its STRK transfers: steps, rows, the prover's time and memory, L1 gas.
 *
 *   node bench/blocks.ts [number of transfers ...]
 */
import hre from "hardhat";
import { readOptions } from "../src/devnet/options.ts";
import { DevnetCore } from "../src/devnet/core.ts";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { silentLog } from "../src/devnet/log.ts";
import { signedInvoke } from "../src/devnet/signed-invoke.ts";
import { selector } from "../src/hash/keccak.ts";
import { BLOCK_NODE_BYTES, deployBlockRegistry, osProgramOnL1 } from "../src/l1/block-registry.ts";
import { Ethereum } from "../src/l1/ethereum.ts";
import { openOperator, TRANSACTION_GAS_CAP } from "../src/l1/operator.ts";
import { inProcessTransport } from "../src/l1/transport.ts";
import { buildUpdate, configHash } from "../src/l1/update.ts";
import { factPurpose, planVerification } from "../src/l1/verifier/calldata.ts";
import { createJob } from "../src/proving/job.ts";
import { proveJob } from "../src/proving/prove-job.ts";
import { verify } from "../src/prover/verifier/verify.ts";
import { MemoryStore } from "../src/state/store/memory-store.ts";

const counts = process.argv.slice(2).map(Number);
const { options } = readOptions({ accounts: 1, blockGenerationOn: "demand" });
const core = new DevnetCore({
  options: { ...options, seed: 0 },
  store: new MemoryStore(),
  log: silentLog,
});
const connection = await hre.network.create();
const ethereum = new Ethereum(inProcessTransport(connection.provider));
const operator = await openOperator(ethereum, undefined);
const registry = await deployBlockRegistry(operator);
const { chain } = core.sequencer;
const identity = {
  programHash: osProgramOnL1().hash,
  configHash: configHash(chain.chainId, STRK_TOKEN),
};

for (const count of counts.length > 0 ? counts : [1, 10]) {
  for (let i = 0; i < count; i++) {
    const transfer = {
      to: STRK_TOKEN,
      selector: selector("transfer"),
      calldata: [0x1234n, 1n, 0n],
    };
    await core.sequencer.submit({
      transaction: signedInvoke(core, core.accounts[0]!, transfer),
    });
  }
  const { number } = await core.sequencer.exclusively(() => core.sequencer.closeBlock().header);
  const range = { first: number, last: number };
  const job = createJob(chain, core.environment, range);
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const { file, steps, rows } = await proveJob(job, { threads: 2 });
  const seconds = (performance.now() - wall) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { main } = buildUpdate(chain, range, identity);
  const plan = planVerification(
    file,
    verify(file),
    BLOCK_NODE_BYTES,
    factPurpose(file, main.length),
  );
  if (plan.kind !== "one transaction") throw new Error("expected a proof for one transaction");
  const { gasUsed } = await operator.send({
    to: registry,
    data: `0x${Buffer.from(plan.data).toString("hex")}`,
    gasLimit: TRANSACTION_GAS_CAP,
  });
  console.log(
    `${String(count).padStart(3)} transfers  2^${Math.log2(steps)} steps  2^${Math.log2(rows)} rows  ` +
      `${((user + system) / 1e6).toFixed(1)} s CPU  ${seconds.toFixed(1)} s wall  ` +
      `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB  ${plan.data.length} bytes of calldata  ` +
      `${gasUsed} gas, ${gasUsed / BigInt(count)} a transaction`,
  );
}
await core.close();
await connection.close();
