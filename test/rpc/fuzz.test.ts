/** Whatever comes in, a proper answer goes out, the server lives, and nothing reaches the gateway by chance. */
import { expect } from "chai";
import fc from "fast-check";
import { DEVNET_METHODS, STARKNET_METHODS } from "../../src/rpc/methods/index.ts";
import { declare, deployAccount, invoke } from "./support/broadcasts.ts";
import { near } from "./support/arbitrary.ts";
import { startFixture, type Fixture } from "./support/fixture.ts";

const KNOWN_CODES = (code: number): boolean =>
  (code >= 1 && code <= 100) || [-1, -5, -32700, -32600, -32601, -32602].includes(code);

describe("rpc under arbitrary input", function () {
  this.timeout(60_000);
  let fixture: Fixture;
  before(async () => (fixture = await startFixture()));
  after(() => fixture.close());

  /** The answer is one of JSON-RPC, and no fault of the program. */
  async function check(body: string): Promise<void> {
    const { status, text } = await fixture.post(body);
    if (status === 204) return;
    const answers = [JSON.parse(text)].flat();
    for (const answer of answers) {
      expect(answer).to.include({ jsonrpc: "2.0" }).and.have.property("id");
      expect("result" in answer).to.not.equal("error" in answer);
      if ("error" in answer)
        expect(answer.error.code, `${body.slice(0, 300)} -> ${text.slice(0, 300)}`).to.satisfy(
          KNOWN_CODES,
        );
    }
  }

  it("answers any text", () =>
    fc.assert(fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), check), {
      numRuns: 200,
    }));
  it("answers any JSON", () => fc.assert(fc.asyncProperty(fc.json(), check), { numRuns: 200 }));

  it("answers any request object and any batch", () => {
    const request = fc.record(
      {
        jsonrpc: fc.constantFrom("2.0", "1.0", 2),
        id: near,
        method: fc.oneof(near, fc.constantFrom("starknet_chainId", "starknet_getNonce")),
        params: near,
      },
      { requiredKeys: [] },
    );
    return fc.assert(
      fc.asyncProperty(fc.oneof(request, fc.array(request, { maxLength: 5 })), (value) =>
        check(JSON.stringify(value)),
      ),
      { numRuns: 300 },
    );
  });

  // Reading and writing files at any path is what these two are for.
  const methods = [...STARKNET_METHODS, ...DEVNET_METHODS].filter(
    ({ name }) => !["devnet_dump", "devnet_load"].includes(name),
  );

  it("answers any parameters of any method, by name and by position", () => {
    const call = fc.constantFrom(...methods).chain((method) => {
      const keys = Object.keys(method.parameters);
      const named = fc.record(Object.fromEntries(keys.map((key) => [key, near])), {
        requiredKeys: [],
      });
      return fc
        .oneof(named, fc.array(near, { maxLength: keys.length + 1 }))
        .map((params) => ({ jsonrpc: "2.0", id: 1, method: method.name, params }));
    });
    return fc.assert(
      fc.asyncProperty(call, (value) => check(JSON.stringify(value))),
      { numRuns: 1500 },
    );
  });

  it("refuses transactions with one member broken, naming it", () => {
    const cases = [
      ["starknet_addInvokeTransaction", "invoke_transaction", invoke()],
      ["starknet_addDeclareTransaction", "declare_transaction", declare()],
      ["starknet_addDeployAccountTransaction", "deploy_account_transaction", deployAccount()],
    ] as const;
    const broken = fc.constantFrom(...cases).chain(([method, parameter, transaction]) =>
      fc
        .tuple(
          fc.constantFrom(...Object.keys(transaction)),
          fc.constantFrom(5, {}, "0xg", ["x"], "0x" + "f".repeat(64), true, undefined),
        )
        .map(([key, value]) => ({
          method,
          parameter,
          key,
          transaction: { ...transaction, [key]: value },
        })),
    );
    const submitted = fixture.submitted.length;
    return fc.assert(
      fc.asyncProperty(broken, async ({ method, parameter, key, transaction }) => {
        const { error } = await fixture.request(method, { [parameter]: transaction });
        expect(error.code).to.equal(-32602);
        expect(error.message).to.include(`${parameter}.${key}`);
        expect(fixture.submitted).to.have.length(submitted);
      }),
      { numRuns: 150 },
    );
  });

  it("answers huge arrays and deep nesting in bounded time", async () => {
    const depth = 5_000_000;
    for (const body of [
      "[".repeat(depth),
      "[".repeat(depth) + "]".repeat(depth),
      '{"a":'.repeat(1_000_000) + "1" + "}".repeat(1_000_000),
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "starknet_call",
        params: [
          {
            contract_address: "0x1",
            entry_point_selector: "0x1",
            calldata: Array(1_100_000).fill("0x1"),
          },
          "latest",
        ],
      }),
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "starknet_estimateFee",
        params: [Array(100_000).fill({}), [], "latest"],
      }),
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "starknet_getEvents",
        params: [{ chunk_size: 1, keys: Array(100_000).fill([]) }],
      }),
      JSON.stringify(Array(100_000).fill(1)),
      `{"jsonrpc":"2.0","id":1,"method":"starknet_getNonce","params":${"[".repeat(depth)}${"]".repeat(depth)}}`,
    ]) {
      const before = process.cpuUsage();
      await check(body);
      expect(process.cpuUsage(before).user, body.slice(0, 80)).to.be.below(20_000_000);
    }
  });

  it("never failed unexpectedly, and is alive", async () => {
    expect(fixture.logged).to.deep.equal([]);
    expect((await fixture.request("starknet_chainId")).result).to.be.a("string");
  });
});
