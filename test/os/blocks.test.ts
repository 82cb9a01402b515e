import { expect } from "chai";
import { publicKey } from "../../src/curve/ecdsa.ts";
import { STRK_TOKEN, UDC } from "../../src/starknet/addresses.ts";
import { selector } from "../../src/hash/keccak.ts";
import { Unprovable } from "../../src/os/unprovable.ts";
import { contractAddress } from "../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { floodClass, probeClass } from "../starknet/execution/support/chain.ts";
import { callOf, type Call, OsChain, PROBES, span } from "./support/os-chain.ts";

const transfer = (to: bigint, amount: bigint): Call =>
  callOf(STRK_TOKEN, "transfer", [to, amount, 0n]);
const probe = (name: string, ...calldata: bigint[]): Call => callOf(PROBES[0]!, name, calldata);
/** A call as calldata of the probe's own calls. */
const inner = ({ to, selector, calldata }: Call): bigint[] => [to, selector, ...span(calldata)];

describe("OS: blocks", () => {
  let chain: OsChain;
  beforeEach(() => {
    chain = new OsChain();
  });
  afterEach(async () => {
    await chain.close();
  });

  /** The block with what was submitted, proven; its receipts' revert reasons. */
  async function proven(): Promise<(string | undefined)[]> {
    const { header, receipts } = await chain.block();
    chain.prove(header.number);
    return receipts.map(({ revertReason }) => revertReason);
  }

  it("proves an empty block", async () => {
    await proven();
  });

  it("proves a transfer in less than 2^15 steps", async () => {
    await chain.invoke([transfer(0x1234n, 5n)]);
    const { header } = await chain.block();
    expect(chain.prove(header.number).steps).to.be.lessThan(2 ** 15);
  });

  it("proves blocks that store hashes of older ones", async () => {
    for (let i = 0; i < 12; i++) await chain.block();
    await chain.invoke([transfer(0x1234n, 5n)]);
    await proven();
  });

  it("proves several blocks at once", async () => {
    const first = (await chain.block()).header.number;
    for (let i = 0n; i < 12n; i++) {
      await chain.invoke([transfer(0x1234n + (i % 3n), i)]);
      await chain.block();
    }
    const last = chain.core.sequencer.chain.latest().number;
    chain.prove(first, last);
    chain.prove(first + 3, last - 1);
  });

  it("proves reverted transactions", async () => {
    await chain.invoke([transfer(0x1234n, 2n ** 127n)]);
    const [reason] = await proven();
    expect(reason).to.be.a("string");
  });

  it("proves the deployment of an account", async () => {
    const { classHash } = loadSystemClass("account");
    const key = publicKey(77n);
    const constructorCalldata = [key];
    const senderAddress = contractAddress({
      deployer: 0n,
      salt: 5n,
      classHash,
      constructorCalldata,
    });
    await chain.invoke([transfer(senderAddress, 10n ** 18n)]);
    await proven();
    await chain.deployAccount(
      { senderAddress, classHash, contractAddressSalt: 5n, constructorCalldata },
      77n,
    );
    await proven();
  });

  it("proves a declaration and the deployment of what was declared, in one block", async () => {
    const flood = floodClass();
    await chain.declare(flood);
    await chain.invoke([callOf(UDC, "deployContract", [flood.classHash, 3n, 1n, 0n])]);
    await proven();
  });

  it("says that transactions without a valid signature are not provable", async () => {
    chain.core.autoImpersonate = true;
    const stranger = { address: chain.account.address, privateKey: 12345n };
    await chain.invoke([transfer(0x1234n, 5n)], { from: stranger });
    const { header } = await chain.block();
    expect(() => chain.input(header.number)).to.throw(Unprovable, "impersonation");
  });

  describe("with the probe contract", () => {
    beforeEach(() => {
      chain.supplyProbes();
    });

    it("says that supplied state is not provable", () => {
      expect(() => chain.input(1)).to.throw(Unprovable, "otherwise than by its transactions");
    });

    it("proves storage, with values that go and come", async () => {
      await chain.invoke([probe("write", 5n, 6n), probe("write", 9n, 1n)]);
      await proven();
      await chain.invoke([probe("write", 5n, 0n), probe("write", 7n, 2n), probe("read", 9n)]);
      await proven();
      await chain.invoke([probe("write", 7n, 0n), probe("write", 9n, 0n)]);
      await proven();
    });

    it("proves every syscall that it knows", async () => {
      const { classHash } = probeClass();
      for (let i = 0; i < 12; i++) await chain.block();
      await chain.invoke([
        probe("call", ...inner(probe("write", 1n, 2n))),
        probe("library_call", classHash, selector("write"), 2n, 3n, 4n),
        probe("emit", ...span([1n, 2n]), ...span([3n])),
        probe("message", 0x123n, ...span([7n, 8n, 9n])),
        probe("class_hash_at", PROBES[1]!),
        probe("block_hash", 2n),
        probe("info"),
        probe("replace_class", classHash),
        probe("builtins", 12345n),
        probe("recurse", 4n),
      ]);
      await chain.invoke([
        probe("deploy", classHash, 1n, ...span([4n, 5n]), 0n),
        probe("deploy", classHash, 1n, ...span([4n, 6n]), 1n),
        probe("try_call", ...inner(probe("block_hash", 1000n))),
      ]);
      expect(await proven()).to.deep.equal([undefined, undefined]);
    });

    it("proves the replacement of a class", async () => {
      await chain.invoke([probe("replace_class", loadSystemClass("erc20").classHash)]);
      await proven();
    });

    it("proves inner calls that fail, at every depth", async () => {
      const fail = probe("write_then_panic", 1n, 2n, 3n);
      const caught = (call: Call): Call => callOf(PROBES[1]!, "try_call", inner(call));
      const passed = (call: Call): Call => callOf(PROBES[2]!, "call", inner(call));
      await chain.invoke([
        probe("write", 1n, 9n),
        caught(fail),
        caught(passed(fail)),
        caught(passed(passed(fail))),
        caught(passed(caught(fail))),
        caught(probe("message", 1n, ...span([2n]))),
        caught(callOf(PROBES[0]!, "no_such_entry_point")),
        caught(callOf(PROBES[0]!, "__execute__")),
        caught(passed(callOf(PROBES[0]!, "fail", span([1n, 2n, 3n])))),
      ]);
      expect(await proven()).to.deep.equal([undefined]);
    });

    it("proves inner calls that run out of gas", async () => {
      const burn = probe("try_call", ...inner(probe("burn", 1_000_000n)));
      await chain.invoke([burn], { l2Gas: 60_000_000n });
      await chain.invoke([burn, probe("write", 2n, 3n)], { l2Gas: 30_000_000n });
      await proven();
    });

    it("proves messages from L1, and those whose handlers revert", async () => {
      const handle = selector("handle");
      chain.message(PROBES[0]!, handle, [0x99n, 4n, 5n]);
      chain.message(PROBES[0]!, handle, [0x99n, 0x70616e6963n, 5n]);
      chain.message(PROBES[1]!, handle, [0x99n, 4n, 6n]);
      const reasons = await proven();
      expect(reasons.map((reason) => reason === undefined)).to.deep.equal([true, false, true]);
    });

    it("proves keccak, of no block and of several, and refuses other lengths", async () => {
      const words = (count: number): bigint[] =>
        Array.from({ length: count }, (_, i) => (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % 2n ** 64n);
      await chain.invoke([
        probe("keccak", ...span(words(0))),
        probe("keccak", ...span(words(17))),
        probe("keccak", ...span(words(51))),
        probe("try_call", ...inner(probe("keccak", ...span(words(5))))),
        probe("keccak", ...span(words(34))),
      ]);
      expect(await proven()).to.deep.equal([undefined]);
    });

    it("names what it cannot prove", async () => {
      await chain.invoke([probe("sha256", 0n, 0n, 0n)]);
      const { header } = await chain.block();
      const says = "makes the syscall Sha256ProcessBlock";
      expect(() => chain.input(header.number)).to.throw(Unprovable, says);
    });
  });
});
