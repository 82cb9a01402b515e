/** Bills of settled blocks against L1's receipts, and against what the EIPs say of their parts. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { getBytes } from "ethers";
import hre from "hardhat";
import { L1RequestError } from "../../src/l1/transport.ts";
import type { SettlementBill, UpdateBill } from "../../src/l1/gas/settlement-bill.ts";
import type { BillAnswer } from "../../src/plugin/gas/bill.ts";
import { toHex } from "../../src/util/hex.ts";
import { failureOf, Layers } from "../support/layers.ts";

const RECIPIENT = "0x00000000000000000000000000000000000a11ce";

/** Gas by group, and by group and part. */
function gasOf({ onL1 }: UpdateBill): Map<string, number> {
  const gas = new Map<string, number>();
  for (const { group, part, gas: used } of onL1.flatMap(({ parts }) => parts))
    for (const key of [group, `${group}: ${part}`]) gas.set(key, (gas.get(key) ?? 0) + used);
  return gas;
}

describe("bills of settlements without proofs", function () {
  this.timeout(120_000);
  let layers: Layers;
  let traces = true;
  before(async () => {
    layers = await Layers.start({
      access: (real) => ({
        ...real,
        transport: {
          request: (request) =>
            request.method === "debug_traceTransaction" && !traces
              ? Promise.reject(new L1RequestError("unknown method", -32601, undefined))
              : real.transport.request(request),
        },
      }),
    });
    await layers.deployBridge();
    await layers.layer.settle();
  });
  after(() => layers.close());

  const bill = (first?: number, last?: number): Promise<SettlementBill> =>
    layers.devnet.l1!.control.gas({
      ...(first !== undefined && { first }),
      ...(last !== undefined && { last }),
    });
  const latest = (): number => layers.devnet.core.sequencer.chain.latest().number;

  /** Every transaction's parts are what its receipt says, every update's what its transactions say. */
  async function expectSums({ updates, gasUsed }: SettlementBill): Promise<void> {
    let all = 0;
    for (const update of updates) {
      let sum = 0;
      for (const { transactionHash, gasUsed, parts, calldataBytes } of update.onL1) {
        const receipt = await layers.provider.getTransactionReceipt(transactionHash);
        expect(BigInt(gasUsed)).to.equal(receipt!.gasUsed);
        expect(parts.reduce((total, { gas }) => total + gas, 0)).to.equal(gasUsed);
        const data = getBytes((await layers.provider.getTransaction(transactionHash))!.data);
        expect(calldataBytes).to.equal(data.length);
        const zeros = data.filter((byte) => byte === 0).length;
        const calldata = parts.filter(
          ({ part, group }) => part === "calldata" && group !== "floor of calldata",
        );
        expect(calldata.reduce((total, { gas }) => total + gas, 0)).to.equal(
          16 * data.length - 12 * zeros,
        );
        sum += gasUsed;
      }
      expect(update.gasUsed).to.equal(sum);
      all += sum;
    }
    expect(gasUsed).to.equal(all);
  }

  it("tell the update, its diff, and messages both ways", async () => {
    const account = layers.l2.accounts[0]!.address;
    const first = latest() + 1;
    for (let i = 0; i < 2; i++) await layers.deposit(account, 500n);
    await layers.sync();
    for (const amount of [10n, 20n, 30n]) await layers.withdrawOnL2(RECIPIENT, amount);
    const last = latest();
    await layers.layer.settle();

    const found = await bill(first, last);
    await expectSums(found);
    expect(found.updates).to.have.length(1);
    const [update] = found.updates;
    expect(update!.onL1.map((each) => each.function)).to.deep.equal([
      "registerFact",
      "updateStateCalldataDA",
    ]);
    const gas = gasOf(update!);
    // EIP-2929, EIP-2200, EIP-3529: new slots; slots that are cleared, and what is given back for it.
    expect(gas.get("messages to L1: storage")).to.equal(3 * 22_100);
    expect(gas.get("messages to L2: storage")).to.equal(2 * 5_000);
    expect(gas.get("messages to L2: refund")).to.equal(-2 * 4_800);
    // Who collects the fees, read once; a call with value, of which 2300 come back.
    expect(gas.get("messages to L2: paying out fees, storage")).to.equal(2_100);
    expect(gas.get("messages to L2: paying out fees, execution")).to.be.within(6_700, 7_200);
    // Root, number and hash are read and written, operator and configuration read.
    expect(gas.get("update: storage")).to.equal(24_000);
    expect(gas.get("update: base of a transaction")).to.equal(21_000);
    // By themselves (docs/l1.md) 4,065 and 369 for each of three words, 5,246 and 369 for each of two, without some
    // 96 for each of their words: that these are below P is checked with the header's.
    expect(gas.get("messages to L1: execution")).to.be.within(3 * 4_500, 3 * 5_172);
    expect(gas.get("messages to L2: execution")).to.be.within(2 * 5_200, 2 * 5_984);
    expect(gas.get("state diff: execution")).to.be.below(3_500);
    expect(gas.has("verification")).to.equal(false);
  });

  it("of one block of an update are its transactions' share", async () => {
    const first = latest() + 1;
    for (const amount of [1n, 2n, 3n]) await layers.withdrawOnL2(RECIPIENT, amount);
    await layers.layer.settle();
    const whole = await bill(first, first + 2);
    const one = await bill(first + 1, first + 1);
    expect(one.updates[0]).to.include({
      first,
      last: first + 2,
      transactions: 3,
      askedTransactions: 1,
    });
    expect(one).to.include({ transactions: 1, gasUsed: whole.gasUsed });
    expect(one.share).to.equal(Math.round(whole.gasUsed / 3));
    expect(whole).to.include({ transactions: 3, share: whole.gasUsed });
  });

  it("have the floor of calldata where a large diff makes it count", async () => {
    const number = latest() + 1;
    for (let i = 1n; i <= 40n; i++)
      await layers.l2.rpc("devnet_mint", [toHex((0xabcn << 200n) + i), 5]);
    await layers.layer.settle();
    const found = await bill(number, latest());
    await expectSums(found);
    const gas = gasOf(found.updates[0]!);
    expect(gas.get("floor of calldata")).to.be.above(0);
    expect(gas.get("state diff")).to.be.above(40 * 400);
  });

  it("of everything are those of all updates; without traces calldata is still told apart", async () => {
    const found = await bill();
    await expectSums(found);
    expect(found).to.include({ first: 1, last: latest() });
    expect(found.updates.length).to.be.above(3);
    traces = false;
    const untraced = await bill();
    traces = true;
    await expectSums(untraced);
    const [full, rough] = [found, untraced].map(({ updates }) => gasOf(updates[1]!));
    for (const group of ["state diff", "messages to L1", "messages to L2"])
      expect(rough!.get(`${group}: calldata`), group).to.equal(full!.get(`${group}: calldata`));
    expect([...rough!.keys()].join()).to.include("no debug_traceTransaction");
  });

  it("are refused for what has none", async () => {
    const top = latest();
    await layers.withdrawOnL2(RECIPIENT, 1n);
    expect(await failureOf(bill(top + 1, top + 1))).to.match(
      /block \d+ is not on L1, which is at block \d+: ask again when it has settled/,
    );
    expect(await failureOf(bill(0, 1))).to.include("core contract's deployment");
    expect(await failureOf(bill(2, 1))).to.include("a range ends with block 1");
    const answer = layers.l2.rpc("devnet_getL1Gas", [{ block_number: 99_999 }]);
    expect(await failureOf(answer)).to.include("block 99999 is not on L1");
    const none = await Layers.start({ devnet: { settlement: "none" } });
    expect(await failureOf(none.devnet.l1!.control.gas({}))).to.include("nothing settles");
    await none.close();
  });

  describe("from starknet:gas", () => {
    const folder = mkdtempSync(join(tmpdir(), "gas-"));
    after(() => rmSync(folder, { recursive: true }));

    async function run(args: Record<string, unknown>) {
      const printed: string[] = [];
      const log = console.log;
      console.log = (line: string) => printed.push(line);
      try {
        const task = hre.tasks.getTask("starknet:gas");
        const answer = (await task.run({ url: layers.devnet.url, ...args })) as BillAnswer;
        return { answer, text: stripVTControlCharacters(printed.join("\n")) };
      } finally {
        console.log = log;
      }
    }

    it("come as JSON, as the devnet answers them", async () => {
      const { answer, text } = await run({ json: true, from: "1", to: "3" });
      expect(JSON.parse(text)).to.deep.equal(answer);
      const asked = await layers.l2.rpc("devnet_getL1Gas", [
        { block_number: 1 },
        { block_number: 3 },
      ]);
      expect(answer).to.deep.equal(asked);
      expect(answer).to.include({ from_block: 1, to_block: 3, settlement: "unproven" });
    });

    it("come as a table whose figures add up, and say that nothing is proven", async () => {
      const { answer, text } = await run({ block: "3" });
      const figure = (line: string): number =>
        Number(/ (-?[\d,]+) +-?[\d.]+ %$/.exec(line)?.[1]?.replaceAll(",", "") ?? 0);
      const lines = text.split("\n");
      const all = figure(lines.find((line) => line.startsWith("all "))!);
      expect(all).to.equal(answer.gas_used);
      const parts = lines.filter((line) => line.startsWith("  "));
      expect(parts.reduce((sum, line) => sum + figure(line), 0)).to.equal(all);
      expect(text).to.include("nothing is proven or verified");
      expect(text).to.match(/block 3: 1 transaction, [\d,]+ gas each, together [\d,]+ of the gas/);
    });

    it("come as a page of its own that is well formed", async () => {
      const html = join(folder, "bill.html");
      const { answer, text } = await run({ html });
      expect(text).to.include(`as a page: ${html}`);
      const page = readFileSync(html, "utf8");
      expectWellFormed(page);
      expect(page).not.to.match(/<script|<link|<img|@import|url\(|(src|href)=/);
      expect(page).to.include("prefers-color-scheme: dark");
      const charts = page.match(/<svg[^]*?<\/svg>/g)!.filter((svg) => !svg.includes("aria-hidden"));
      expect(charts).to.have.length(2);
      for (const svg of charts) {
        const [, labels] = /role="img" aria-labelledby="([^"]+)"/.exec(svg)!;
        for (const id of labels!.split(" ")) expect(svg).to.include(`id="${id}"`);
      }
      for (const { on_l1 } of answer.updates)
        for (const { transaction_hash } of on_l1) expect(page).to.include(transaction_hash);
      expect(page).to.include(answer.gas_used.toLocaleString("en"));
    });

    it("are refused with the reason", async () => {
      const refusal = (args: Record<string, unknown>) => failureOf(run(args));
      expect(await refusal({ block: "1", to: "2" })).to.include("--block: name one block by it");
      expect(await refusal({ block: "x" })).to.include('--block: expected a block number, got "x"');
      expect(await refusal({ block: String(latest()) })).to.include("is not on L1");
      expect(await refusal({ url: "http://127.0.0.1:1/rpc" })).to.include("is a devnet running");
      const html = join(folder, "missing", "bill.html");
      expect(await refusal({ html })).to.include("--html: there is no folder");
    });
  });
});

/** Every element is closed in its place, and no text has characters that would begin one. */
function expectWellFormed(page: string): void {
  const open: string[] = [];
  const rest = page
    .replace(/^<!DOCTYPE html>/, "")
    .replace(
      /<(\/?)([a-z0-9]+)((?: [a-zA-Z-]+="[^"<]*")*)( ?\/)?>/g,
      (_, close, name: string, _attributes, selfClosed) => {
        if (close) expect(open.pop()).to.equal(name);
        else if (!selfClosed) open.push(name);
        return "";
      },
    );
  expect(open).to.deep.equal([]);
  expect(rest).not.to.match(/<|&(?!#\d+;)/);
}
