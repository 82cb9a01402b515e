/** Blocks are bounded so that each fits into a transaction of L1, and settlement bundles as many as fit. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { UDC } from "../../src/starknet/addresses.ts";
import type { Felt } from "../../src/field/felt.ts";
import { TRANSACTION_BYTES, TRANSACTION_GAS_CAP } from "../../src/l1/operator.ts";
import { parseCasmClass } from "../../src/starknet/class/casm.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../src/starknet/class/sierra.ts";
import { Layers } from "../support/layers.ts";
import { declare, invoke } from "../support/submit.ts";

const read = (file: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../starknet/execution/contracts/${file}`, import.meta.url), "utf8"),
  );
const SIERRA = parseSierraClass(read("flood.sierra.json"));
const CASM = parseCasmClass(read("flood.casm.json"));

describe("the capacity of a block", function () {
  this.timeout(120_000);
  let layers: Layers;
  let flood: Felt;

  before(async () => {
    layers = await Layers.start({ devnet: { blockGenerationOn: "demand" } });
    await layers.l2.rpc("starknet_addDeclareTransaction", [
      declare(layers.l2, SIERRA, compiledClassHash(CASM)),
    ]);
    const hash = await layers.call({
      to: UDC,
      entryPoint: "deploy_contract",
      calldata: [sierraClassHash(SIERRA), 1n, 1n, 0n],
    });
    const { events } = await layers.l2.rpc<{ events: { from_address: string; data: string[] }[] }>(
      "starknet_getTransactionReceipt",
      [hash],
    );
    flood = BigInt(events.find(({ from_address }) => BigInt(from_address) === UDC)!.data[0]!);
    await layers.l2.rpc("devnet_createBlock");
  });
  after(() => layers.close());

  const run = (entryPoint: string, ...calldata: Felt[]) =>
    invoke(layers.l2, [{ to: flood, entryPoint, calldata }], { l1Gas: 20_000_000n });
  const submit = (transaction: object): Promise<unknown> =>
    layers.l2.rpc("starknet_addInvokeTransaction", [transaction]);
  const latest = (): number => layers.devnet.core.sequencer.chain.latest().number;

  it("closes a block that has no room for the next transaction's messages", async () => {
    const before = latest();
    for (let i = 0; i < 4; i++) await submit(run("send", 60n, 20n));
    expect(latest()).to.equal(before + 1);
    await layers.l2.rpc("devnet_createBlock");
    const { chain } = layers.devnet.core.sequencer;
    expect(chain.block(before + 1)!.transactions).to.have.length(3);
    expect(chain.block(before + 2)!.transactions).to.have.length(1);
  });

  for (const [what, ...call] of [
    ["state diff", "write", 2_100n],
    ["messages", "send", 250n, 20n],
  ] as const) {
    it(`refuses a transaction whose ${what} no block has room for, and keeps the nonce`, async () => {
      const [entryPoint, ...calldata] = call;
      const { message, data } = await layers.l2.failure("starknet_addInvokeTransaction", [
        run(entryPoint, ...calldata),
      ]);
      expect(`${message} ${String(data)}`).to.match(
        /exceeds the maximum block capacity: .* messages and state diff, in words, would be \d+; at most 4000/,
      );
      expect(layers.devnet.core.sequencer.openBlock().isEmpty).to.equal(true);
      await submit(run("nothing"));
      await layers.l2.rpc("devnet_createBlock");
    });
  }

  it("lets the fullest block settle within L1's limits, and splits what does not fit together", async () => {
    await submit(run("write", 1_970n));
    await layers.l2.rpc("devnet_createBlock");
    const settled = await layers.layer.settle();
    expect(settled.length).to.be.greaterThan(1);
    expect(settled.at(-1)!.lastBlock).to.equal(latest());
    for (const { gasUsed, transactionHash } of settled) {
      expect(gasUsed < TRANSACTION_GAS_CAP).to.equal(true);
      const { data } = (await layers.provider.getTransaction(transactionHash))!;
      expect(data.length / 2).to.be.lessThan(TRANSACTION_BYTES);
    }
  });
});
