/** Contracts that mean ill: each ends within its gas, is answered properly, and the next transaction works. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { LEGACY_UDC } from "../../src/starknet/addresses.ts";
import type { Felt } from "../../src/field/felt.ts";
import { selector } from "../../src/hash/keccak.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../src/starknet/class/sierra.ts";
import { toHex } from "../../src/util/hex.ts";
import { TestDevnet } from "../support/devnet.ts";
import { declare, invoke } from "../support/submit.ts";

const SIERRA = parseSierraClass(
  JSON.parse(readFileSync(new URL("contracts/hostile.sierra.json", import.meta.url), "utf8")),
);
const CLASS_HASH = sierraClassHash(SIERRA);
const RECEIVER = 0x1234n;

const OUT_OF_GAS = /Out of gas/;
const TOO_MUCH = /more than \d+ felts, the limit of this node/;
const TOO_DEEP = /recursion depth exceeded/;
const MEMORY_LIMIT_MB = 3000;

/** Entry point, calldata, why it fails. */
const ATTACKS: readonly (readonly [string, readonly Felt[], RegExp])[] = [
  ["loop_for_ever", [], OUT_OF_GAS],
  ["recurse_for_ever", [], OUT_OF_GAS],
  ["call_itself", [2n], TOO_DEEP],
  ["library_call_itself", [CLASS_HASH], TOO_DEEP],
  ["deploy_itself", [CLASS_HASH], TOO_DEEP],
  ["array", [0xffffffffn], OUT_OF_GAS],
  ["events", [1001n, 1n], /maximum number of events/],
  ["events", [1n, 301n], /maximum data length/],
  ["messages", [100_000n, 100n], TOO_MUCH],
  ["storage", [100_000n], OUT_OF_GAS],
  ["give", [500_000n], OUT_OF_GAS],
  ["pass", [1000n, 100_000n], TOO_MUCH],
  ["ask", [100n, 50_000n], OUT_OF_GAS],
  ["panic", [50_000n], /0x80, 0x81, 0x82/],
  ["catch", [100_000n, 1n], OUT_OF_GAS],
  ["catch_deep", [10n], /'deep'/],
  ["keccak", [170_000n], OUT_OF_GAS],
  ["secp", [1000n], OUT_OF_GAS],
  ["replace", [5n], /not declared/],
  ["write_and_loop", [7n], OUT_OF_GAS],
];

interface Receipt {
  readonly execution_status: string;
  readonly revert_reason?: string;
  readonly events: readonly { readonly from_address: string; readonly data: readonly string[] }[];
}

describe("hostile contracts", function () {
  this.timeout(300_000);
  let devnet: TestDevnet;
  let contract: Felt;

  const submit = async (transaction: object): Promise<Receipt> => {
    const { transaction_hash } = await devnet.rpc<{ transaction_hash: string }>(
      "starknet_addInvokeTransaction",
      [transaction],
    );
    return devnet.rpc("starknet_getTransactionReceipt", [transaction_hash]);
  };
  const call = (entryPoint: string, calldata: readonly Felt[]) => ({
    contract_address: toHex(contract),
    entry_point_selector: toHex(selector(entryPoint)),
    calldata: calldata.map(toHex),
  });

  before(async () => {
    devnet = await TestDevnet.start({ initialBalance: 10n ** 24n });
    const compiled = compiledClassHash(await devnet.devnet.core.compile(SIERRA));
    await devnet.rpc("starknet_addDeclareTransaction", [declare(devnet, SIERRA, compiled)]);
    const deployment = await submit(
      invoke(devnet, [
        { to: LEGACY_UDC, entryPoint: "deployContract", calldata: [CLASS_HASH, 0n, 0n, 1n, 0n] },
      ]),
    );
    const event = deployment.events.find((one) => BigInt(one.from_address) === LEGACY_UDC)!;
    contract = BigInt(event.data[0]!);
    await devnet.rpc("devnet_mint", { address: toHex(contract), amount: 1e23, unit: "FRI" });
  });
  after(() => devnet.close());

  /** An ordinary transaction still works, and the process is no larger than it may be. */
  const expectHealthy = async (): Promise<void> => {
    const before = await devnet.balance(RECEIVER);
    await devnet.send(RECEIVER, 1n, { from: 1 });
    expect(await devnet.balance(RECEIVER)).to.equal(before + 1n);
    expect(process.memoryUsage().rss / 2 ** 20).to.be.below(MEMORY_LIMIT_MB);
  };

  for (const [entryPoint, calldata, reason] of ATTACKS) {
    it(`${entryPoint}(${calldata.map((felt) => felt.toString(16).slice(0, 8)).join(", ")})`, async () => {
      const called = await devnet.failure("starknet_call", [call(entryPoint, calldata), "latest"]);
      expect(called.code).to.equal(40);
      expect(JSON.stringify(called.data)).to.match(reason);
      const transaction = invoke(devnet, [{ to: contract, entryPoint, calldata }]);
      const estimated = await devnet.failure("starknet_estimateFee", [[transaction], [], "latest"]);
      expect(estimated.code).to.equal(41);
      const receipt = await submit(transaction);
      expect(receipt.execution_status).to.equal("REVERTED");
      expect(receipt.revert_reason).to.match(reason).and.have.length.below(20_000);
      await expectHealthy();
    });
  }

  it("leave nothing of what they wrote", async () => {
    expect(await devnet.rpc("starknet_call", [call("written", [7n]), "latest"])).to.deep.equal([
      "0x0",
    ]);
  });

  it("may be large where they pay for it", async () => {
    for (const [entryPoint, calldata] of [
      ["give", [100_000n]],
      ["pass", [100n, 4000n]],
      ["dictionary", [3000n]],
      ["catch", [100n, 10n]],
    ] as const) {
      const receipt = await submit(invoke(devnet, [{ to: contract, entryPoint, calldata }]));
      expect(receipt.execution_status, entryPoint).to.equal("SUCCEEDED");
    }
    await expectHealthy();
  });

  describe("as accounts", () => {
    const WAYS = ["loop", "panic", "call themselves", "write", "recurse", "emit"];
    const account = (place: Felt, way: number) =>
      invoke(devnet, [], { sender: contract, signature: [place, BigInt(way + 1)] });

    for (const [way, name] of WAYS.entries()) {
      it(`that ${name} in __validate__ are refused and keep their nonce`, async () => {
        const root = devnet.devnet.core.sequencer.chain.latest().stateRoot;
        const failure = await devnet.failure("starknet_addInvokeTransaction", [account(1n, way)]);
        expect(failure.code).to.equal(55);
        expect(devnet.devnet.core.sequencer.chain.latest().stateRoot).to.equal(root);
        await expectHealthy();
      });

      it(`that ${name} in __execute__ pay for a reverted transaction`, async () => {
        expect((await submit(account(2n, way))).execution_status).to.equal("REVERTED");
        await expectHealthy();
      });
    }
  });
});
