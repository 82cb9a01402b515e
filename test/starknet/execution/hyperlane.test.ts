/** Production classes of others: Hyperlane's contracts, from npm, do what Hyperlane's protocol says. */
import { expect } from "chai";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { selector } from "../../../src/hash/keccak.ts";
import { bigIntToBytes, bytesToBigInt } from "../../../src/util/bytes.ts";
import { callOf, loadClass, span, TestChain } from "./support/chain.ts";
import type { LoadedClass } from "./support/chain.ts";

async function hyperlaneClass(name: string): Promise<LoadedClass> {
  const artifacts = "@hyperlane-xyz/starknet-core/dist/artifacts";
  const load = async (kind: string): Promise<unknown> => {
    const module = (await import(
      `../../../node_modules/${artifacts}/${name}.${kind}.js`
    )) as object;
    return Object.values(module)[0];
  };
  return loadClass(await load("contract_class"), await load("compiled_contract_class"));
}

const keccak = (bytes: Uint8Array): bigint => bytesToBigInt(keccak_256(bytes));
const u256 = (value: bigint): bigint[] => [value & ((1n << 128n) - 1n), value >> 128n];

/** Root of Hyperlane's tree of depth 32 with one leaf (MerkleLib.sol). */
function rootOf(leaf: bigint): bigint {
  const pair = (left: bigint, right: bigint): bigint =>
    keccak(Buffer.concat([bigIntToBytes(left, 32), bigIntToBytes(right, 32)]));
  let [node, zero] = [leaf, 0n];
  for (let level = 0; level < 32; level++) {
    node = pair(node, zero);
    zero = pair(zero, zero);
  }
  return node;
}

describe("Hyperlane's classes", () => {
  const [MAILBOX, ISM, MERKLE_HOOK, HOOK] = [0xa1n, 0xa2n, 0xa3n, 0xa4n];
  const [ORIGIN, DESTINATION, RECIPIENT] = [1234n, 5678n, 0x1122334455667788n << 64n];

  it("dispatch a message into the Merkle tree hook", async () => {
    const chain = new TestChain();
    const classes = {
      mailbox: await hyperlaneClass("contracts_mailbox"),
      ism: await hyperlaneClass("contracts_noop_ism"),
      merkleHook: await hyperlaneClass("contracts_merkle_tree_hook"),
      hook: await hyperlaneClass("contracts_hook"),
    };
    for (const each of Object.values(classes)) chain.declare(each);
    const addresses = [ISM, HOOK, MERKLE_HOOK];
    chain.deploy(MAILBOX, classes.mailbox.classHash, [ORIGIN, chain.account, ...addresses]);
    chain.deploy(ISM, classes.ism.classHash, []);
    chain.deploy(MERKLE_HOOK, classes.merkleHook.classHash, [MAILBOX, chain.account]);
    chain.deploy(HOOK, classes.hook.classHash, []);

    const body = Buffer.from("a message of some length for another chain");
    const padded = Buffer.alloc(48);
    padded.set(body);
    const words = [0, 16, 32].map((at) => bytesToBigInt(padded.subarray(at, at + 16)));
    const { result, receipt, calls } = chain.run(
      callOf(MAILBOX, "dispatch", [
        DESTINATION,
        ...u256(RECIPIENT),
        BigInt(body.length),
        ...span(words),
        ...u256(0n),
        1n, // no metadata
        1n, // no hook of its own
      ]),
    );
    const id = keccak(
      Buffer.concat([
        Buffer.of(3), // version
        bigIntToBytes(0n, 4), // nonce
        bigIntToBytes(ORIGIN, 4),
        bigIntToBytes(chain.account, 32),
        bigIntToBytes(DESTINATION, 4),
        bigIntToBytes(RECIPIENT, 32),
        body,
      ]),
    );
    expect(result).to.deep.equal(u256(id));
    const names = ["Dispatch", "DispatchId", "InsertedIntoTree"].map(selector);
    const emitted = receipt.events.map(({ keys }) => keys[0]);
    expect(emitted).to.include.members(names);
    expect(calls.execute!.trackedResource).to.equal("SIERRA_GAS");

    const view = (name: string): readonly bigint[] => chain.run(callOf(MERKLE_HOOK, name)).result;
    expect(view("count")).to.deep.equal([1n]);
    expect(view("root")).to.deep.equal(u256(rootOf(id)));
    expect(view("latest_checkpoint")).to.deep.equal([...u256(rootOf(id)), 0n]);
  });
});
