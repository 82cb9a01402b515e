/** A core contract whose registry takes proofs only: told by its code, and by that of all that it calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id } from "ethers";
import { failureOf, Layers } from "../../support/layers.ts";
import { expectSameStates, TestL1Node } from "./support/l1-node.ts";

describe("an L1 node that asks for proofs", function () {
  this.timeout(120_000);
  let layers: Layers;

  before(async () => {
    layers = await Layers.start({ devnet: { settlement: "proven" } });
  });
  after(() => layers.close());

  const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
    layers.connection.provider.request({ method, params }) as Promise<T>;

  it("follows where the verifier is the one of this version", async () => {
    const node = await TestL1Node.start(layers, { acceptUnproven: false });
    expect(node.problem).to.equal(undefined);
    expect(await node.result("node_getStatus")).to.include({ proven_on_l1: true, block_number: 0 });
    expectSameStates(node, layers.devnet.core.sequencer.chain);
    await node.close();
  });

  it("does not where its folder was filled without, whatever L1 proves since", async () => {
    const folder = mkdtempSync(join(tmpdir(), "l1-node-"));
    try {
      for (const acceptUnproven of [false, true]) {
        const node = await TestL1Node.start(layers, { data: folder, acceptUnproven });
        expect(node.node.status().l1).to.include({ proven: !acceptUnproven });
        await node.close();
      }
      const refused = TestL1Node.start(layers, { data: folder, acceptUnproven: false });
      expect(await failureOf(refused)).to.match(/filled with --accept-unproven/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("does not where a byte of any contract of the verifier is another one", async () => {
    const registry = layers.layer.deployment.factRegistry!;
    const addressIn = async (contract: string, signature: string): Promise<string> => {
      const data = id(signature).slice(0, 10);
      const word = await l1<string>("eth_call", { to: contract, data }, "latest");
      return `0x${word.slice(-40)}`;
    };
    const composition = await addressIn(registry, "composition()");
    const deep = await addressIn(registry, "deep()");
    // Addresses in the code of the composition, pushed as words: its periodic columns.
    const code = await l1<string>("eth_getCode", composition, "latest");
    const pushed = [...code.matchAll(/7f0{24}([0-9a-f]{40})/g)].map(
      ([, address]) => `0x${address}`,
    );
    const periodic = [...new Set(pushed)];
    expect(periodic).to.have.length(2);
    for (const [contract, reason] of [
      [registry, /the code at .* is not that of CairoFactRegistry/],
      [composition, /not that of (CompactComposition|CairoFactRegistry)|is no CairoFactRegistry/],
      [deep, /not that of (CompactDeep|CairoFactRegistry)|is no CairoFactRegistry/],
      [periodic[0]!, /not that of CompactPeriodic0/],
      [periodic[1]!, /not that of CompactPeriodic1/],
    ] as const) {
      const before = await l1<string>("eth_getCode", contract, "latest");
      // The last byte is of the compiler's metadata: nothing runs otherwise.
      const last = before.endsWith("33") ? "34" : "33";
      await l1("hardhat_setCode", contract, before.slice(0, -2) + last);
      const refusal = await failureOf(TestL1Node.start(layers, { acceptUnproven: false }));
      expect(refusal)
        .to.match(/its state updates are not proven/)
        .and.match(reason);
      await l1("hardhat_setCode", contract, before);
    }
    await (await TestL1Node.start(layers, { acceptUnproven: false })).close();
  });
});
