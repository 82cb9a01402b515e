/** The gas report against receipts, and against what the EIPs say of the very transactions. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { getBytes } from "ethers";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { UnknownChargesError } from "../../src/l1/gas/bill.ts";
import { fitLine, type Sample } from "../../src/l1/gas/line.ts";
import { type FunctionGas, measureCoreContract } from "../../src/l1/gas/measurements.ts";
import { gasReport, gasTable, limitsOf } from "../../src/l1/gas/report.ts";
import { inProcessTransport } from "../../src/l1/transport.ts";

const measure = (connection: NetworkConnection): Promise<FunctionGas[]> =>
  measureCoreContract(inProcessTransport(connection.provider));

describe("gas report", () => {
  let connection: NetworkConnection;
  let functions: FunctionGas[];
  before(async () => {
    connection = await hre.network.create("node");
    functions = await measure(connection);
  });
  after(() => connection.close());

  const samples = (): Pick<Sample, "transaction" | "bill">[] =>
    functions.flatMap((each) => [each, ...each.growths.flatMap((growth) => growth.samples)]);
  const growth = (name: string, per: string) => {
    const { growths, bill } = functions.find((each) => each.function === name)!;
    return { base: bill.base, ...growths.find((each) => each.per === per)! };
  };
  const bill = (name: string) => functions.find((each) => each.function === name)!.bill;

  it("has bills whose parts add up to what the receipts say", async () => {
    expect(samples()).to.have.length.greaterThan(50);
    for (const { transaction, bill } of samples()) {
      const receipt = await connection.ethers.provider.getTransactionReceipt(transaction);
      const { base, calldata, execution, storage, refund, surcharge, gasUsed } = bill;
      expect(BigInt(gasUsed)).to.equal(receipt!.gasUsed);
      expect(receipt!.status).to.equal(1);
      expect(base + calldata + execution + storage - refund + surcharge).to.equal(gasUsed);
      for (const part of [calldata, execution, storage, refund, surcharge])
        expect(part).to.be.at.least(0);
    }
  });

  it("has the calldata of EIP-2028 and the floor of EIP-7623", async () => {
    for (const { transaction, bill } of samples()) {
      const { data } = (await connection.ethers.provider.getTransaction(transaction))!;
      const bytes = getBytes(data);
      const zeros = bytes.filter((byte) => byte === 0).length;
      const tokens = zeros + 4 * (bytes.length - zeros);
      expect(bill.base).to.equal(21_000);
      expect(bill.calldata).to.equal(4 * tokens);
      expect(bill.floor).to.equal(21_000 + 10 * tokens);
      expect(bill.gasUsed).to.be.at.least(bill.floor);
    }
  });

  it("has the storage of EIP-2929 and the refunds of EIP-3529", () => {
    const [cold, set, reset] = [2100, 20_000, 2900];
    const [read, fresh, change] = [cold, cold + set, cold + reset];
    // The nonce of the next message, read and written, and the message's own slot.
    expect(bill("sendMessageToL2").storage).to.equal(change + fresh);
    // The message, and when its cancellation was asked for.
    expect(bill("startL1ToL2MessageCancellation").storage).to.equal(read + fresh);
    // Those two, the delay; the message's slot is cleared.
    expect(bill("cancelL1ToL2Message").storage).to.equal(2 * read + change);
    expect(bill("cancelL1ToL2Message").refund).to.equal(4800);
    // The slot is read twice.
    expect(bill("consumeMessageFromL2").storage).to.equal(change + 100);
    expect(bill("consumeMessageFromL2").refund).to.equal(4800);
    expect(bill("registerFact").storage).to.equal(fresh);
    const toL1 = growth("updateStateCalldataDA", "message to L1").slope;
    expect(Math.round(toL1.storage)).to.equal(fresh);
    const handled = growth("updateStateCalldataDA", "message to L2 handled").slope;
    expect(Math.round(handled.storage)).to.equal(change);
    expect(Math.round(handled.refund)).to.equal(4800);
    expect(growth("updateStateCalldataDA", "storage update in the diff").slope.storage).to.equal(0);
  });

  it("has lines that the samples lie on, and says where they end", () => {
    for (const { bill, growths } of functions) {
      for (const growth of growths) {
        // Words are of random bytes, one of which in 256 is zero and 12 gas cheaper.
        expect(growth.deviation, growth.per).to.be.below(120);
        const { floorFrom = Infinity, refundCapFrom = Infinity } = limitsOf(growth, bill.base);
        for (const { size, bill } of growth.samples) {
          expect(bill.surcharge > 0, `${growth.per} ${size}`).to.equal(size >= floorFrom);
          expect(size).to.be.below(refundCapFrom);
        }
      }
    }
  });

  it("fits lines by least squares", () => {
    const { bill } = functions[0]!;
    const at = (size: number, execution: number): Sample => ({
      size,
      transaction: "0x",
      bill: { ...bill, execution, storage: 6 },
    });
    // Means 2 and 5; slope (1 * 3 + 1 * 3) / 2, and the middle one is 2 below the line.
    const { slope, intercept, deviation } = fitLine([at(1, 3), at(2, 3), at(3, 9)]);
    expect([slope.execution, intercept.execution]).to.deep.equal([3, -1]);
    expect([slope.storage, intercept.storage]).to.deep.equal([0, 6]);
    expect([slope.total, deviation]).to.deep.equal([3, 2]);
    expect(() => fitLine([at(1, 2), at(1, 3)])).to.throw(RangeError, "two sizes");
  });

  it("is the one in the documentation", () => {
    const documentation = readFileSync(new URL("../../docs/l1.md", import.meta.url), "utf8");
    const table = gasTable(functions, "osaka");
    expect(documentation, `docs/l1.md: replace the gas table by\n${table}\n`).to.include(table);
  });

  it("comes as JSON and as a table from the task", async () => {
    const printed: string[] = [];
    const log = console.log;
    console.log = (line: string) => printed.push(line);
    let answers: unknown[];
    try {
      const task = hre.tasks.getTask("starknet:gas");
      answers = [await task.run({ json: true }), await task.run({})];
    } finally {
      console.log = log;
    }
    const expected = JSON.parse(JSON.stringify(gasReport(functions, "osaka"))) as unknown;
    expect(JSON.parse(printed[0]!)).to.deep.equal(expected);
    expect(printed[1]).to.equal(gasTable(functions, "osaka"));
    expect(JSON.parse(JSON.stringify(answers[1]))).to.deep.equal(expected);
  });

  it("refuses to measure on a chain elsewhere", () => {
    const cli = fileURLToPath(new URL("cli.js", import.meta.resolve("hardhat")));
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, "starknet:gas", "--network", "localhost"],
      { encoding: "utf8" },
    );
    expect(status).to.equal(1);
    expect(stderr).to.include('the network "localhost" is no chain of this process');
  });

  it("refuses an L1 that charges otherwise", async () => {
    const cancun = await hre.network.create({
      network: "node",
      override: { hardfork: "cancun" },
    });
    const error = await measure(cancun).catch((reason: unknown) => reason);
    await cancun.close();
    expect(error).to.be.instanceOf(UnknownChargesError);
    expect((error as Error).message).to.match(/L1 charged \d+ gas for 0x\w+.*from Prague on/);
  });
});
