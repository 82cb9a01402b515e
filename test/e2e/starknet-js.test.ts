/** A real client, starknet.js, against the spawned task. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  Account,
  CallData,
  Contract,
  RpcProvider,
  WebSocketChannel,
  ec,
  hash,
  logger,
  type CompiledSierra,
  type CairoAssembly,
} from "starknet";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { toHex } from "../../src/util/hex.ts";
import { spawnDevnet, type SpawnedDevnet } from "../support/spawn-devnet.ts";
import { verifyStorageProof } from "../support/storage-proof.ts";

const STRK = toHex(STRK_TOKEN);
const artifact = <T>(name: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../contracts/cairo/artifacts/${name}.json`, import.meta.url), "utf8"),
  ) as T;

describe("starknet.js against npx hardhat starknet:devnet", function () {
  this.timeout(300_000);
  let devnet: SpawnedDevnet;
  let provider: RpcProvider;
  let alice: Account;
  let bob: Account;

  before(async () => {
    logger.setLogLevel("ERROR");
    devnet = await spawnDevnet(["--seed", "0"]);
    provider = new RpcProvider({ nodeUrl: devnet.l2Url });
    const account = (i: number): Account =>
      new Account({
        provider,
        address: devnet.accounts[i]!.address,
        signer: devnet.accounts[i]!.privateKey,
      });
    [alice, bob] = [account(0), account(1)];
  });

  after(async () => {
    expect(await devnet.stop()).to.equal(0);
  });

  const wait = async (transactionHash: string): Promise<Record<string, unknown>> =>
    (await provider.waitForTransaction(transactionHash, {
      retryInterval: 20,
    })) as unknown as Record<string, unknown>;

  const transfer = (to: string, amount: bigint) => ({
    contractAddress: STRK,
    entrypoint: "transfer",
    calldata: CallData.compile({ recipient: to, amount: { low: amount, high: 0n } }),
  });

  const balance = async (address: string): Promise<bigint> => {
    const [low, high] = await provider.callContract({
      contractAddress: STRK,
      entrypoint: "balance_of",
      calldata: [address],
    });
    return BigInt(low!) + (BigInt(high!) << 128n);
  };

  it("speaks spec version 0.10.2", async () => {
    expect(await provider.getSpecVersion()).to.match(/^0\.10\.2/);
  });

  it("estimates, sends and receives a transfer; the receipt carries its events", async () => {
    const before = await balance(bob.address);
    const estimate = await alice.estimateInvokeFee(transfer(bob.address, 5n));
    expect(estimate.overall_fee > 0n).to.equal(true);
    const { transaction_hash } = await alice.execute(transfer(bob.address, 5n));
    const receipt = await wait(transaction_hash);
    expect(receipt).to.include({
      execution_status: "SUCCEEDED",
      finality_status: "ACCEPTED_ON_L2",
    });
    expect(await balance(bob.address)).to.equal(before + 5n);
    const { events } = await provider.getEvents({
      address: STRK,
      from_block: { block_number: receipt["block_number"] as number },
      to_block: "latest",
      keys: [[hash.getSelectorFromName("Transfer")]],
      chunk_size: 100,
    });
    const transfers = events.filter((event) => event.transaction_hash === transaction_hash);
    expect(transfers).to.have.length(2); // the transfer and the fee
  });

  it("runs several calls in one transaction, all or nothing", async () => {
    const before = await balance(bob.address);
    await wait(
      (await alice.execute([transfer(bob.address, 1n), transfer(bob.address, 2n)]))
        .transaction_hash,
    );
    expect(await balance(bob.address)).to.equal(before + 3n);
  });

  it("declares, deploys by the UDC, invokes and calls a contract", async () => {
    const sierra = artifact<CompiledSierra>("bridge.sierra");
    const casm = artifact<CairoAssembly>("bridge.casm");
    const l1Bridge = "0x1111";
    const constructorCalldata = [l1Bridge];
    const { deploy } = await alice.declareAndDeploy({
      contract: sierra,
      casm,
      constructorCalldata,
    });
    const contract = new Contract({
      abi: sierra.abi,
      address: deploy.contract_address,
      providerOrAccount: provider,
    });
    expect(await contract.call("balance_of", [bob.address])).to.equal(0n);
    expect(BigInt(await provider.getClassHashAt(deploy.contract_address))).to.equal(
      BigInt(hash.computeContractClassHash(sierra)),
    );
    const { transaction_hash } = await alice.execute(contract.populate("withdraw", ["0x2222", 0]));
    const receipt = await wait(transaction_hash);
    expect(receipt["messages_sent"]).to.deep.equal([
      {
        from_address: toHex(BigInt(deploy.contract_address)),
        to_address: l1Bridge,
        payload: ["0x2222", "0x0", "0x0"],
      },
    ]);
  });

  it("deploys an account that pays for itself", async () => {
    const classHash = await provider.getClassHashAt(alice.address);
    const privateKey = "0x123456789";
    const publicKey = ec.starkCurve.getStarkKey(privateKey);
    const address = hash.calculateContractAddressFromHash(publicKey, classHash, [publicKey], 0);
    await wait((await alice.execute(transfer(address, 10n ** 20n))).transaction_hash);
    const fresh = new Account({ provider, address, signer: privateKey });
    const { transaction_hash } = await fresh.deployAccount({
      classHash,
      constructorCalldata: [publicKey],
      addressSalt: publicKey,
    });
    expect(await wait(transaction_hash)).to.include({ execution_status: "SUCCEEDED" });
    await wait((await fresh.execute(transfer(bob.address, 7n))).transaction_hash);
    expect(BigInt(await provider.getNonceForAddress(address))).to.equal(2n);
  });

  it("simulates and traces", async () => {
    const call = transfer(bob.address, 9n);
    const simulated = await alice.simulateTransaction([{ type: "INVOKE", ...call }]);
    const [first] = Array.isArray(simulated)
      ? simulated
      : (simulated as unknown as { simulated_transactions: unknown[] }).simulated_transactions;
    expect((first as { transaction_trace: { type: string } }).transaction_trace.type).to.equal(
      "INVOKE",
    );
    const { transaction_hash } = await alice.execute(call);
    await wait(transaction_hash);
    const trace = (await provider.getTransactionTrace(transaction_hash)) as unknown as {
      execute_invocation: { calls: { contract_address: string; result: string[] }[] };
    };
    const [inner] = trace.execute_invocation.calls;
    expect(BigInt(inner!.contract_address)).to.equal(STRK_TOKEN);
    expect(inner!.result).to.deep.equal(["0x1"]);
  });

  it("reverts with a reason that names contract and cause", async () => {
    const resourceBounds = {
      l1_gas: { max_amount: 100_000n, max_price_per_unit: 10n ** 12n },
      l1_data_gas: { max_amount: 100_000n, max_price_per_unit: 10n ** 12n },
      l2_gas: { max_amount: 100_000_000n, max_price_per_unit: 10n ** 10n },
    };
    const { transaction_hash } = await alice.execute(transfer(bob.address, 10n ** 30n), {
      resourceBounds,
    });
    const receipt = await wait(transaction_hash);
    expect(receipt["execution_status"]).to.equal("REVERTED");
    expect(receipt["revert_reason"])
      .to.match(/insufficient balance/)
      .and.to.include(STRK.slice(4));
  });

  it("answers storage proofs that lead from a block's state root to the value", async () => {
    const head = await provider.getBlockLatestAccepted();
    const key = toHex(BigInt(hash.starknetKeccak("ERC20_total_supply")));
    const { value } = await provider.getStorageAt(STRK, key, head.block_number);
    const proof = await provider.getStorageProof(
      [],
      [STRK],
      [{ contract_address: STRK, storage_keys: [key] }],
      head.block_number,
    );
    const block = (await provider.getBlockWithTxHashes(head.block_number)) as unknown as {
      new_root: string;
    };
    expect(verifyStorageProof(proof, BigInt(block.new_root), STRK_TOKEN, BigInt(key))).to.equal(
      BigInt(value),
    );
    expect(BigInt(value) > 0n).to.equal(true);
  });

  it("pushes new heads over a WebSocket", async () => {
    const channel = new WebSocketChannel({ nodeUrl: devnet.webSocketUrl });
    await channel.waitForConnection();
    const heads = await channel.subscribeNewHeads();
    const next = new Promise<{ block_number: number }>((resolve) =>
      heads.on((head) => resolve(head as never)),
    );
    const { block_number: number } = await provider.getBlockLatestAccepted();
    await wait((await alice.execute(transfer(bob.address, 1n))).transaction_hash);
    expect((await next).block_number).to.be.greaterThan(number);
    channel.disconnect();
  });
});
