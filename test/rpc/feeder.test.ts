/** Starknet's gateways before a real devnet: what they answer, in whose form, and how transactions come in. */
import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { publicKey, sign } from "../../src/curve/ecdsa.ts";
import { formatTransaction } from "../../src/rpc/feeder/wire/transaction.ts";
import { contractAddress } from "../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { transactionHash } from "../../src/starknet/transaction-hash.ts";
import { toHex } from "../../src/util/hex.ts";
import { floodClass } from "../starknet/execution/support/chain.ts";
import { TestDevnet } from "../support/devnet.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";
import { declare } from "../support/submit.ts";

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of any shape */
type Json = any;

/** A broadcast transaction of the JSON-RPC as the gateways write it. */
function gatewayForm(transaction: Json): Json {
  const { type, resource_bounds: bounds, contract_class: contract, ...rest } = transaction;
  return {
    ...rest,
    type: type === "INVOKE" ? "INVOKE_FUNCTION" : type,
    resource_bounds: {
      L1_GAS: bounds.l1_gas,
      L2_GAS: bounds.l2_gas,
      L1_DATA_GAS: bounds.l1_data_gas,
    },
    nonce_data_availability_mode: 0,
    fee_data_availability_mode: 0,
    ...(contract && {
      contract_class: { ...contract, sierra_program: pack(contract.sierra_program) },
    }),
  };
}

const pack = (program: unknown): string => gzipSync(JSON.stringify(program)).toString("base64");

class Gateways {
  readonly base: string;

  constructor(devnet: TestDevnet) {
    this.base = devnet.devnet.url.replace(/\/rpc$/, "");
  }

  async get(path: string): Promise<Json> {
    const response = await fetch(`${this.base}/feeder_gateway/${path}`);
    const body = await response.json();
    expect(response.status, JSON.stringify(body)).to.equal(200);
    return body;
  }

  async failure(path: string): Promise<string> {
    return this.#told(await fetch(`${this.base}/feeder_gateway/${path}`));
  }

  post(body: unknown): Promise<Response> {
    return fetch(`${this.base}/gateway/add_transaction`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  async add(body: unknown): Promise<Json> {
    const response = await this.post(body);
    const answer = await response.json();
    expect(response.status, JSON.stringify(answer)).to.equal(200);
    return answer;
  }

  async refused(body: unknown): Promise<string> {
    return this.#told(await this.post(body));
  }

  async #told(response: Response): Promise<string> {
    const { code, message, ...rest } = (await response.json()) as Json;
    expect(response.status, code).to.equal(400);
    expect(rest).to.deep.equal({});
    return `${code}: ${message}`;
  }
}

describe("Starknet's gateways", function () {
  this.timeout(60_000);
  let devnet: TestDevnet;
  let gateways: Gateways;

  before(async () => {
    devnet = await TestDevnet.start({ blockGenerationOn: "demand" });
    gateways = new Gateways(devnet);
  });
  after(() => devnet.close());

  const block = async (): Promise<string> =>
    (await devnet.rpc<{ block_hash: string }>("devnet_createBlock")).block_hash;

  it("are alive", async () => {
    const text = async (path: string) => (await fetch(`${gateways.base}${path}`)).text();
    expect(await text("/feeder_gateway/is_alive")).to.equal("FeederGateway is alive!");
    expect(await text("/gateway/is_alive")).to.equal("Gateway is alive!");
  });

  describe("take transactions", () => {
    it("INVOKE, and show it on its way", async () => {
      const { hash, invoke } = devnet.transfer(0x123n, 5n);
      expect(await gateways.get(`get_transaction_status?transactionHash=${hash}`)).to.deep.equal({
        tx_status: "NOT_RECEIVED",
        finality_status: "NOT_RECEIVED",
        execution_status: null,
      });
      expect(await gateways.add(gatewayForm(invoke))).to.deep.equal({
        code: "TRANSACTION_RECEIVED",
        transaction_hash: hash,
      });
      expect(await gateways.get(`get_transaction_status?transactionHash=${hash}`)).to.deep.equal({
        tx_status: "PRE_CONFIRMED",
        finality_status: "PRE_CONFIRMED",
        execution_status: "SUCCEEDED",
      });
      const pending = await gateways.get("get_block?blockNumber=pending");
      expect(pending.status).to.equal("PENDING");
      expect(pending).not.to.have.any.keys("block_hash", "block_number", "state_root");
      const open = await gateways.get("get_preconfirmed_block?blockNumber=1");
      expect(open.status).to.equal("PRE_CONFIRMED");
      for (const { transactions } of [pending, open]) {
        expect(transactions).to.have.length(1);
        expect(transactions[0].transaction_hash).to.equal(hash);
      }
      expect(open.transaction_receipts).to.have.length(1);
      expect(open.transaction_state_diffs[0].nonces).to.deep.equal({
        [invoke.sender_address]: "0x1",
      });

      const blockHash = await block();
      const found = await gateways.get(`get_transaction?transactionHash=${hash}`);
      expect(found).to.deep.include({
        status: "ACCEPTED_ON_L2",
        finality_status: "ACCEPTED_ON_L2",
        execution_status: "SUCCEEDED",
        block_hash: blockHash,
        block_number: 1,
        transaction_index: 0,
      });
      expect(found.transaction).to.deep.equal({ transaction_hash: hash, ...gatewayForm(invoke) });
      expect(await devnet.balance(0x123n)).to.equal(5n);
    });

    it("DECLARE, with its program packed", async () => {
      const { sierra, classHash, compiledClassHash } = floodClass();
      const transaction = declare(devnet, sierra, compiledClassHash);
      const answer = await gateways.add(gatewayForm(transaction));
      expect(answer).to.have.all.keys("code", "transaction_hash", "class_hash");
      expect(answer.class_hash).to.equal(toHex(classHash));
      await block();
      const shown = await gateways.get(`get_class_by_hash?classHash=${answer.class_hash}`);
      expect(shown).to.deep.equal(transaction.contract_class);
      const casm = await gateways.get(
        `get_compiled_class_by_class_hash?classHash=${answer.class_hash}&blockNumber=latest`,
      );
      expect(casm).to.include.keys("bytecode", "hints", "entry_points_by_type", "prime");
      expect(
        await gateways.failure(`get_class_by_hash?classHash=${answer.class_hash}&blockNumber=1`),
      ).to.match(/^StarknetErrorCode.UNDECLARED_CLASS: Class with hash 0x/);
    });

    it("DEPLOY_ACCOUNT, and tell its address", async () => {
      const { classHash } = loadSystemClass("account");
      const key = 99n;
      const fields = { classHash, constructorCalldata: [publicKey(key)] };
      const address = contractAddress({ ...fields, deployer: 0n, salt: 7n });
      await devnet.send(address, 10n ** 18n);
      const bound = { maxAmount: 0x1000000n, maxPricePerUnit: 0x3b9aca00n };
      const unhashed = {
        ...fields,
        type: "DEPLOY_ACCOUNT",
        version: 3n,
        nonce: 0n,
        signature: [],
        senderAddress: address,
        contractAddressSalt: 7n,
        resourceBounds: { l1Gas: bound, l2Gas: bound, l1DataGas: bound },
        tip: 0n,
        paymasterData: [],
        nonceDataAvailabilityMode: 0,
        feeDataAvailabilityMode: 0,
      } as const;
      const hash = transactionHash(unhashed, devnet.devnet.options.chainId);
      const { r, s } = sign(hash, key);
      const { transaction_hash, sender_address, ...transaction } = formatTransaction({
        ...unhashed,
        hash,
        signature: [r, s],
      }) as Json;
      expect(sender_address).to.equal(toHex(address));
      const answer = await gateways.add(transaction);
      expect(answer.transaction_hash).to.equal(transaction_hash);
      expect(answer).to.have.all.keys("code", "transaction_hash", "address");
      expect(answer.address).to.equal(toHex(address));
    });

    it("and refuse others, with the gateways' codes", async () => {
      const { invoke } = devnet.transfer(0x1n, 1n);
      const good = gatewayForm(invoke);
      const spoilt = (change: object) => gateways.refused({ ...good, ...change });
      expect(await gateways.refused("{")).to.include(
        "StarkErrorCode.MALFORMED_REQUEST: The body is not JSON",
      );
      expect(await gateways.refused("[]")).to.include("StarkErrorCode.SCHEMA_VALIDATION_ERROR");
      expect(await spoilt({ version: "0x1" })).to.equal(
        "StarknetErrorCode.INVALID_TRANSACTION_VERSION: version: expected 0x3, the only version that is taken, got 0x1",
      );
      expect(await spoilt({ nonce: 1 })).to.include(
        "StarkErrorCode.SCHEMA_VALIDATION_ERROR: nonce: expected a felt",
      );
      expect(await spoilt({ resource_bounds: { L1_GAS: {} } })).to.include(
        "resource_bounds.L1_GAS.max_amount: missing",
      );
      expect(await spoilt({ nonce_data_availability_mode: "L1" })).to.include(
        "nonce_data_availability_mode: expected 0 or 1",
      );
      expect(await spoilt({ nonce: "0x0" })).to.match(
        /^StarknetErrorCode.INVALID_TRANSACTION_NONCE: /,
      );
      expect(await spoilt({ signature: [] })).to.match(/^StarknetErrorCode.VALIDATE_FAILURE: /);
      expect(await spoilt({ sender_address: "0x77" })).to.match(
        /^StarknetErrorCode.UNINITIALIZED_CONTRACT: /,
      );
      await gateways.add(good);
      expect(await gateways.refused(good)).to.match(/^StarknetErrorCode.DUPLICATED_TRANSACTION: /);
    });

    it("and refuse classes that do not unpack", async () => {
      const { sierra, compiledClassHash } = floodClass();
      const good = gatewayForm(declare(devnet, sierra, compiledClassHash));
      const packed = (sierra_program: unknown) =>
        gateways.refused({ ...good, contract_class: { ...good.contract_class, sierra_program } });
      expect(await gateways.refused(good)).to.match(/^StarknetErrorCode.CLASS_ALREADY_DECLARED: /);
      expect(await packed("no gzip")).to.match(
        /^StarknetErrorCode.INVALID_PROGRAM: contract_class.sierra_program: expected base64 of gzipped JSON.*incorrect header/,
      );
      expect(await packed(["0x1"])).to.include(
        "contract_class.sierra_program: expected base64 of a gzipped program, got an array of 1",
      );
      // A kilobyte that is 64 MiB.
      expect(await packed(gzipSync(Buffer.alloc(64 << 20)).toString("base64"))).to.include(
        "of at most 16777216 bytes",
      );
      expect(await packed(pack(["0x1", 2]))).to.include("sierra_program[1]");
      expect(await gateways.refused({ ...good, contract_class: undefined })).to.include(
        "contract_class: missing",
      );
    });

    it("as the JSON-RPC does: into the dump, and not where that is restricted", async () => {
      const folder = await mkdtemp(join(tmpdir(), "feeder-"));
      const dumpPath = join(folder, "dump.json");
      const other = await TestDevnet.start({ dumpOn: "exit", dumpPath });
      const { hash, invoke } = other.transfer(0x123n, 5n);
      await new Gateways(other).add(gatewayForm(invoke));
      await other.close();
      const dump = JSON.parse(await readFile(dumpPath, "utf8")) as Json[];
      expect(dump.map(({ method }) => method)).to.deep.equal(["starknet_addInvokeTransaction"]);
      const again = await TestDevnet.start({ dumpOn: "exit", dumpPath });
      expect((await again.status(hash)).finality_status).to.equal("ACCEPTED_ON_L2");
      await again.close();
      await rm(folder, { recursive: true });

      const closed = await TestDevnet.start({ restrictiveMode: ["starknet_addInvokeTransaction"] });
      expect(await new Gateways(closed).refused(gatewayForm(invoke))).to.equal(
        "StarkErrorCode.MALFORMED_REQUEST: Method forbidden",
      );
      await closed.close();
    });
  });

  describe("show blocks", () => {
    it("by number, by hash and as the latest, in whole or by name only", async () => {
      const hash = await block();
      const byHash = await gateways.get(`get_block?blockHash=${hash}`);
      const { block_number: number } = byHash;
      expect(byHash.block_hash).to.equal(hash);
      expect(byHash.status).to.equal("ACCEPTED_ON_L2");
      expect(await gateways.get(`get_block?blockNumber=${number}`)).to.deep.equal(byHash);
      expect(await gateways.get("get_block?blockNumber=latest")).to.deep.equal(byHash);
      expect(await gateways.get("get_block")).to.deep.equal(byHash);
      expect(await gateways.get("get_block?blockNumber=latest&headerOnly=true")).to.deep.equal({
        block_hash: hash,
        block_number: number,
      });
      expect(await gateways.get(`get_block_hash_by_id?blockId=${number}`)).to.equal(hash);
      expect(await gateways.get(`get_block_id_by_hash?blockHash=${hash}`)).to.equal(number);
      const market = await gateways.get("get_block?blockNumber=1&withFeeMarketInfo=true");
      expect(market.next_l2_gas_price).to.equal("0x3b9aca00");
      const [{ execution_resources }] = market.transaction_receipts;
      expect(market.l2_gas_consumed).to.equal(execution_resources.total_gas_consumed.l2_gas);
      const both = await gateways.get("get_state_update?blockNumber=1&includeBlock=true");
      expect(both.block).to.deep.equal(await gateways.get("get_block?blockNumber=1"));
      expect(both.state_update).to.deep.equal(await gateways.get("get_state_update?blockNumber=1"));
      expect(both.state_update.new_root).to.equal(both.block.state_root);
    });

    it("and say what is wrong with a question", async () => {
      const { length } = (await gateways.get("get_block?blockNumber=latest")).transactions;
      expect(length).to.be.a("number");
      for (const [path, expected] of [
        [
          "get_block?blockNumber=1000",
          "StarknetErrorCode.BLOCK_NOT_FOUND: Block number 1000 was not found.",
        ],
        [
          "get_block?blockHash=0x123",
          "StarknetErrorCode.BLOCK_NOT_FOUND: Block hash 0x123 was not found.",
        ],
        ["get_block?blockHash=123", "StarkErrorCode.MALFORMED_REQUEST: blockHash: expected a felt"],
        ["get_block?blockNumber=-1", `blockNumber: expected a block number, got "-1"`],
        ["get_block?blockNumber=1e3", `blockNumber: expected a block number, got "1e3"`],
        ["get_block?blockNumber=99999999999999999999", "blockNumber: expected a block number"],
        ["get_block?blockNumber=1&blockHash=0x1", "expected one of blockNumber and blockHash"],
        ["get_block?blockNumber=1&headerOnly=yes", `headerOnly: expected true or false, got "yes"`],
        ["get_block?blockNumber=pending&headerOnly=true", "expected a closed block"],
        ["get_block?blockNumber=l1_accepted", "BLOCK_NOT_FOUND: No block has been accepted on L1."],
        ["get_signature?blockNumber=pending", "expected a closed block"],
        ["get_class_by_hash", "classHash is missing"],
        ["get_transaction?transactionHash=%00", "transactionHash: expected a felt"],
        [
          "get_preconfirmed_block?blockNumber=1",
          "BLOCK_NOT_FOUND: Block number 1 is not pre-confirmed",
        ],
        [
          "get_block_hash_by_id?blockId=1000",
          "MALFORMED_REQUEST: Block ID should be in the range [0,",
        ],
        ["get_contract_addresses", "This devnet runs without an L1."],
      ] as const)
        expect(await gateways.failure(path), path).to.include(expected);
    });

    it("by GET only", async () => {
      const at = `${gateways.base}/feeder_gateway`;
      const posted = await fetch(`${at}/get_block?blockNumber=0`, { method: "POST" });
      expect(posted.status).to.equal(405);
      expect(posted.headers.get("allow")).to.equal("GET, OPTIONS");
      expect((await fetch(`${gateways.base}/gateway/add_transaction`)).status).to.equal(405);
      for (const path of ["/get_nothing", "/", "/get_block/", "/constructor"])
        expect((await fetch(at + path)).status, path).to.equal(404);
    });

    it("with the members that published blocks have", async function () {
      requireShared(this, "vectors/starknet/blocks/0.14.0-mainnet-2238855.block.json");
      const theirs = readSharedJson<Json>(
        "vectors/starknet/blocks/0.14.0-mainnet-2238855.block.json",
      );
      const failing = devnet.transfer(STRK_TOKEN, 10n ** 30n);
      await gateways.add(gatewayForm(failing.invoke));
      await block();
      const ours = await gateways.get("get_block?blockNumber=latest");
      const keys = (value: object) => Object.keys(value).sort();
      expect(keys(ours)).to.deep.equal(keys(theirs));
      const invokeOf = ({ transactions }: Json) =>
        transactions.find(({ type }: Json) => type === "INVOKE_FUNCTION");
      expect(keys(invokeOf(ours))).to.deep.equal(keys(invokeOf(theirs)));
      const deployOf = ({ transactions }: Json) =>
        transactions.find(({ type }: Json) => type === "DEPLOY_ACCOUNT");
      const deployed = await gateways.get("get_block?blockNumber=3");
      expect(keys(deployOf(deployed))).to.deep.equal(keys(deployOf(theirs)));
      const revertedOf = ({ transaction_receipts: receipts }: Json) =>
        receipts.find(({ execution_status }: Json) => execution_status === "REVERTED");
      expect(keys(revertedOf(ours))).to.deep.equal(keys(revertedOf(theirs)));
      const resourcesOf = (from: Json) => keys(revertedOf(from).execution_resources);
      expect([...resourcesOf(ours), "data_availability"].sort()).to.deep.equal(resourcesOf(theirs));
    });
  });
});
