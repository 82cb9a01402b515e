/** Every method against the OpenRPC documents: names, parameters, answers, error codes. */
import { expect } from "chai";
import { ERRORS } from "../../src/rpc/errors.ts";
import { STARKNET_METHODS, SUBSCRIPTION_METHODS } from "../../src/rpc/methods/index.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { toHex } from "../../src/util/hex.ts";
import { requireShared } from "../support/shared.ts";
import { declare, deployAccount, invoke } from "./support/broadcasts.ts";
import {
  ACCOUNT,
  contentOf,
  L1_HANDLER,
  startFixture,
  TOKEN,
  type Fixture,
} from "./support/fixture.ts";
import { loadOpenRpc, OPENRPC, type DocumentName, type OpenRpc } from "./support/openrpc.ts";

const account = toHex(ACCOUNT);
const token = toHex(TOKEN);

describe("rpc against the OpenRPC documents", () => {
  let spec: OpenRpc;
  let fixture: Fixture;
  let hash: string;

  before(async function () {
    requireShared(this, OPENRPC);
    spec = loadOpenRpc();
    fixture = await startFixture();
    const { result } = await fixture.request("starknet_addInvokeTransaction", [invoke()]);
    hash = result.transaction_hash;
    await fixture.request("starknet_addDeclareTransaction", [declare()]);
    await fixture.request("starknet_addDeployAccountTransaction", [deployAccount()]);
    // One block of all kinds, a reverted one among them, and an open block.
    const { chain, submitted } = fixture;
    for (const [i, { transaction }] of submitted.entries())
      chain.add(
        contentOf({ ...transaction, hash: BigInt(0x100 + i) }, i === 0 ? "out of luck" : undefined),
      );
    chain.add(contentOf(L1_HANDLER));
    chain.close({
      storage: new Map([[TOKEN, new Map([[5n, 8n]])]]),
      nonces: new Map([[ACCOUNT, 2n]]),
      deployedContracts: new Map([[9n, 7n]]),
      replacedClasses: new Map([[TOKEN, 7n]]),
      declaredClasses: new Map([[7n, 8n]]),
    });
    chain.onL1 = 1;
    chain.add(contentOf({ ...L1_HANDLER, hash: 0x12n }));
  });
  after(() => fixture?.close());

  it("has every method of the documents, and each parameter in its place", () => {
    const served = new Map(STARKNET_METHODS.map((method) => [method.name, method]));
    const specified = spec.methods.filter(({ name }) => !name.startsWith("starknet_subscription"));
    expect(specified).to.have.length(38);
    expect([...served.keys()]).to.have.members(specified.map(({ name }) => name));
    for (const { name, document, params } of specified) {
      const { parameters } = served.get(name)!;
      const expected = params.map((param) => [param.name, param.required ?? false]);
      const actual = Object.entries(parameters).map(([key, schema]) => [key, !schema.optional]);
      // Subscriptions are called by name; the documents list their parameters in another order each time.
      if (document === "starknet_ws_api.json") expect(actual, name).to.have.deep.members(expected);
      else expect(actual, name).to.deep.equal(expected);
    }
    expect(SUBSCRIPTION_METHODS.every(({ needsSession }) => needsSession)).to.equal(true);
  });

  it("has every error of the documents with its message", () => {
    const ours = new Map(
      Object.values(ERRORS).map(([code, message]) => [code as number, message as string]),
    );
    for (const [code, message] of spec.errors) {
      // FAILED_TO_RECEIVE_TXN and COMPILATION_ERROR cannot happen: no remote gateway, classes are compiled when declared.
      if (code !== 1 && code !== 100) expect(ours.get(code), String(code)).to.equal(message);
    }
  });

  const classHash = (): string => toHex(loadSystemClass("account").classHash);
  const blocks = [
    "latest",
    "pre_confirmed",
    "l1_accepted",
    { block_number: 4 },
    { block_hash: "0xb10c001" },
  ];
  const closed = blocks.filter((id) => id !== "pre_confirmed");

  /** method -> requests by name */
  const requests: Readonly<Record<string, () => Record<string, unknown>[]>> = {
    starknet_specVersion: () => [{}],
    starknet_getBlockWithTxHashes: () => blocks.map((block_id) => ({ block_id })),
    starknet_getBlockWithTxs: () =>
      blocks.map((block_id) => ({ block_id, response_flags: ["INCLUDE_PROOF_FACTS"] })),
    starknet_getBlockWithReceipts: () => blocks.map((block_id) => ({ block_id })),
    starknet_getStateUpdate: () => [
      ...blocks.map((block_id) => ({ block_id })),
      { block_id: "latest", contract_addresses: [token] },
    ],
    starknet_getStorageAt: () =>
      blocks.flatMap((block_id) => [
        { contract_address: token, key: "0x5", block_id },
        {
          contract_address: token,
          key: "0x5",
          block_id,
          response_flags: ["INCLUDE_LAST_UPDATE_BLOCK"],
        },
      ]),
    starknet_getTransactionStatus: () =>
      [hash, "0x100", "0x11", "0x12"].map((transaction_hash) => ({ transaction_hash })),
    starknet_getTransactionByHash: () =>
      [hash, "0x100", "0x101", "0x102", "0x11", "0x12"].map((transaction_hash) => ({
        transaction_hash,
      })),
    starknet_getTransactionByBlockIdAndIndex: () =>
      [0, 1, 2, 3].map((index) => ({ block_id: "latest", index })),
    starknet_getTransactionReceipt: () =>
      [hash, "0x100", "0x101", "0x102", "0x11", "0x12"].map((transaction_hash) => ({
        transaction_hash,
      })),
    starknet_getClass: () => blocks.map((block_id) => ({ block_id, class_hash: classHash() })),
    starknet_getClassHashAt: () =>
      blocks.map((block_id) => ({ block_id, contract_address: account })),
    starknet_getClassAt: () => blocks.map((block_id) => ({ block_id, contract_address: account })),
    starknet_getBlockTransactionCount: () => blocks.map((block_id) => ({ block_id })),
    starknet_call: () =>
      blocks.map((block_id) => ({
        request: { contract_address: account, entry_point_selector: "0x1", calldata: ["0x2"] },
        block_id,
      })),
    starknet_estimateFee: () => [
      {
        request: [invoke(), declare(), deployAccount()],
        simulation_flags: ["SKIP_VALIDATE"],
        block_id: "latest",
      },
    ],
    starknet_estimateMessageFee: () => [
      {
        message: {
          from_address: "0x" + "1".repeat(40),
          to_address: account,
          entry_point_selector: "0x1",
          payload: [],
        },
        block_id: "latest",
      },
    ],
    starknet_blockNumber: () => [{}],
    starknet_blockHashAndNumber: () => [{}],
    starknet_chainId: () => [{}],
    starknet_syncing: () => [{}],
    starknet_getEvents: () => [
      { filter: { chunk_size: 3 } },
      {
        filter: {
          chunk_size: 100,
          from_block: { block_number: 0 },
          to_block: "pre_confirmed",
          address: [account, token],
          keys: [[], ["0x1"]],
        },
      },
    ],
    starknet_getNonce: () => blocks.map((block_id) => ({ block_id, contract_address: account })),
    starknet_getStorageProof: () =>
      closed.map((block_id) => ({
        block_id,
        class_hashes: ["0x1"],
        contract_addresses: [account, "0x1"],
        contracts_storage_keys: [{ contract_address: token, storage_keys: ["0x5"] }],
      })),
    starknet_addInvokeTransaction: () => [{ invoke_transaction: invoke(5) }],
    starknet_addDeclareTransaction: () => [{ declare_transaction: declare() }],
    starknet_addDeployAccountTransaction: () => [{ deploy_account_transaction: deployAccount() }],
    starknet_traceTransaction: () =>
      [hash, "0x100", "0x101", "0x102", "0x11"].map((transaction_hash) => ({ transaction_hash })),
    starknet_simulateTransactions: () =>
      [[], ["RETURN_INITIAL_READS"]].map((simulation_flags) => ({
        block_id: "latest",
        transactions: [invoke(), declare(), deployAccount()],
        simulation_flags,
      })),
    starknet_traceBlockTransactions: () =>
      closed.flatMap((block_id) => [
        { block_id },
        { block_id, trace_flags: ["RETURN_INITIAL_READS"] },
      ]),
    starknet_getCompiledCasm: () => [{ class_hash: classHash() }],
  };

  for (const [name, paramsOf] of Object.entries(requests)) {
    it(`${name}: parameters and answers fit, by name and by position`, async () => {
      const { params: parameters } = spec.methods.find((method) => method.name === name)!;
      for (const params of paramsOf()) {
        for (const [key, value] of Object.entries(params))
          expect(spec.parameter(name, key, value), key).to.equal(undefined);
        const answer = await fixture.request(name, params);
        expect(answer.error, JSON.stringify(params)).to.equal(undefined);
        expect(spec.result(name, answer.result), JSON.stringify(params)).to.equal(undefined);
        if (!name.startsWith("starknet_add")) {
          const byPosition = await fixture.request(
            name,
            parameters.map((parameter) => params[parameter.name] ?? null),
          );
          expect(byPosition).to.deep.equal(answer);
        }
      }
    });
  }

  it("leaves only getMessagesStatus to the L1, and answers 29 until then", async () => {
    const names = spec.methods.map(({ name }) => name).filter((name) => !name.includes("ubscri"));
    expect(names.filter((name) => !(name in requests))).to.deep.equal([
      "starknet_getMessagesStatus",
    ]);
    const { error } = await fixture.request("starknet_getMessagesStatus", [`0x${"f".repeat(64)}`]);
    expect(error).to.deep.equal({ code: 29, message: "Transaction hash not found" });
  });

  it("answers closed and open blocks, receipts and states by their own schemas", async () => {
    const check = (
      schema: string,
      value: unknown,
      document: DocumentName = "starknet_api_openrpc.json",
    ) => expect(spec.schema(document, schema, value), schema).to.equal(undefined);
    const result = async (name: string, ...params: unknown[]) =>
      (await fixture.request(name, params)).result;
    check("BLOCK_WITH_TX_HASHES", await result("starknet_getBlockWithTxHashes", "latest"));
    check("BLOCK_WITH_TXS", await result("starknet_getBlockWithTxs", "latest"));
    check("BLOCK_WITH_RECEIPTS", await result("starknet_getBlockWithReceipts", "latest"));
    check("STATE_UPDATE", await result("starknet_getStateUpdate", "latest"));
    check(
      "STORAGE_RESULT",
      await result("starknet_getStorageAt", token, "0x5", "latest", ["INCLUDE_LAST_UPDATE_BLOCK"]),
    );
    check("PRE_CONFIRMED_STATE_UPDATE", await result("starknet_getStateUpdate", "pre_confirmed"));
    const l1Handler = fixture.chain.block(4)!.transactions.at(-1)!;
    fixture.chain.add(contentOf({ ...l1Handler, hash: 0x13n }));
    const open = await result("starknet_getBlockWithReceipts", "pre_confirmed");
    check("PRE_CONFIRMED_BLOCK_WITH_RECEIPTS", open);
    expect(open).to.not.have.any.keys("status", "block_hash", "parent_hash", "new_root");
    expect(await result("starknet_getTransactionReceipt", "0x13"))
      .to.include({ finality_status: "PRE_CONFIRMED" })
      .and.not.have.property("block_hash");
    expect(await result("starknet_getTransactionStatus", "0x100")).to.deep.equal({
      finality_status: "ACCEPTED_ON_L2",
      execution_status: "REVERTED",
      failure_reason: "out of luck",
    });
    expect(await result("starknet_getTransactionStatus", hash)).to.deep.equal({
      finality_status: "ACCEPTED_ON_L1",
      execution_status: "SUCCEEDED",
    });
  });

  it("answers the spec's error for what is not there", async () => {
    const request = { contract_address: "0xdead", entry_point_selector: "0x1", calldata: [] };
    const cases: [number, string, unknown[]][] = [
      [24, "starknet_getBlockWithTxs", [{ block_number: 999 }]],
      [24, "starknet_getBlockWithTxs", [{ block_hash: "0xdead" }]],
      [24, "starknet_getEvents", [{ chunk_size: 1, from_block: { block_number: 999 } }]],
      [24, "starknet_getEvents", [{ chunk_size: 1, to_block: { block_number: 999 } }]],
      [61, "starknet_addInvokeTransaction", [{ type: "INVOKE", version: "0x1", max_fee: "0x1" }]],
      [61, "starknet_estimateFee", [[{ type: "DECLARE", version: "0x2" }], [], "latest"]],
      [24, "starknet_call", [request, { block_number: 999 }]],
      [20, "starknet_getNonce", ["latest", "0xdead"]],
      [20, "starknet_getClassAt", ["latest", "0xdead"]],
      [20, "starknet_getClassHashAt", ["latest", "0xdead"]],
      [20, "starknet_getStorageAt", ["0xdead", "0x1", "latest"]],
      [28, "starknet_getClass", ["latest", "0xdead"]],
      [28, "starknet_getCompiledCasm", ["0xdead"]],
      [27, "starknet_getTransactionByBlockIdAndIndex", ["latest", 1000]],
      [29, "starknet_getTransactionByHash", ["0xdead"]],
      [29, "starknet_getTransactionReceipt", ["0xdead"]],
      [29, "starknet_getTransactionStatus", ["0xdead"]],
      [29, "starknet_traceTransaction", ["0xdead"]],
      [31, "starknet_getEvents", [{ chunk_size: 1025 }]],
      [33, "starknet_getEvents", [{ chunk_size: 1, continuation_token: "x" }]],
      [34, "starknet_getEvents", [{ chunk_size: 1, keys: [Array(257).fill("0x1")] }]],
      [61, "starknet_addInvokeTransaction", [{ ...invoke(), version: "0x1" }]],
      [
        61,
        "starknet_addInvokeTransaction",
        [{ ...invoke(), version: "0x100000000000000000000000000000003" }],
      ],
      [69, "starknet_addInvokeTransaction", [{ ...invoke(), proof_facts: ["0x1"] }]],
      [-32602, "starknet_traceBlockTransactions", ["pre_confirmed"]],
      [-32602, "starknet_getStorageProof", ["pre_confirmed"]],
      [-32601, "starknet_subscribeNewHeads", []],
    ];
    for (const [code, name, params] of cases) {
      const { error } = await fixture.request(name, params);
      expect(error?.code, `${name} ${JSON.stringify(params).slice(0, 100)}`).to.equal(code);
    }
    // System contracts have storage although nothing is deployed at their addresses.
    expect(
      (await fixture.request("starknet_getStorageAt", ["0x1", "0x0", "latest"])).result,
    ).to.equal("0x0");
  });
});
