/** The contracts of genesis: what they do, and where tools of others look for it. */
import { expect } from "chai";
import { hash } from "starknet";
import { publicKey, sign } from "../../../src/curve/ecdsa.ts";
import { shortString } from "../../../src/field/short-string.ts";
import { selector } from "../../../src/hash/keccak.ts";
import { pedersen } from "../../../src/hash/pedersen.ts";
import { poseidonMany } from "../../../src/hash/poseidon.ts";
import { contractAddress } from "../../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import { toHex } from "../../../src/util/hex.ts";
import {
  BALANCE,
  callOf,
  ETH,
  PRIVATE_KEY,
  span,
  TestChain,
  type Call,
} from "../execution/support/chain.ts";

const MAX = (1n << 128n) - 1n;

describe("system contracts", function () {
  this.timeout(30_000);
  let chain: TestChain;
  beforeEach(() => {
    chain = new TestChain();
  });

  const revertOf = (...calls: Call[]): string | undefined =>
    chain.execute(chain.invoke(calls)).receipt.revertReason;
  const read = (to: bigint, name: string, calldata: readonly bigint[] = []): readonly bigint[] =>
    chain.run(callOf(to, name, calldata)).result;
  const quoted = (text: string): string => `('${text}')`;

  describe("ERC-20", () => {
    const OTHER = 0x07e4n;

    it("keeps balances where tools look for them, and tells them in both spellings", () => {
      chain.run(callOf(ETH, "transfer", [OTHER, 7n, 0n]));
      const slot = BigInt(
        hash.computePedersenHash(toHex(hash.starknetKeccak("ERC20_balances")), toHex(OTHER)),
      );
      expect(chain.state.storageAt(ETH, slot)).to.equal(7n);
      expect(read(ETH, "balance_of", [OTHER])).to.deep.equal([7n, 0n]);
      expect(read(ETH, "balanceOf", [OTHER])).to.deep.equal([7n, 0n]);
      expect(read(ETH, "totalSupply")).to.deep.equal([BALANCE, 0n]);
    });

    it("moves what was allowed, and no more", () => {
      const self = chain.account;
      chain.run(callOf(ETH, "approve", [self, 10n, 0n]));
      const { calls } = chain.run(callOf(ETH, "transferFrom", [self, OTHER, 4n, 0n]));
      expect(calls.execute!.calls[0]!.events[0]).to.deep.include({
        keys: [selector("Transfer"), self, OTHER],
        data: [4n, 0n],
      });
      expect(read(ETH, "allowance", [self, self])).to.deep.equal([6n, 0n]);
      expect(revertOf(callOf(ETH, "transfer_from", [self, OTHER, 7n, 0n]))).to.include(
        quoted("ERC20: insufficient allowance"),
      );
      chain.run(callOf(ETH, "increase_allowance", [self, 5n, 0n]));
      chain.run(callOf(ETH, "decreaseAllowance", [self, 2n, 0n]));
      expect(read(ETH, "allowance", [self, self])).to.deep.equal([9n, 0n]);
      chain.run(callOf(ETH, "approve", [self, MAX, MAX]));
      chain.run(callOf(ETH, "transfer_from", [self, OTHER, 7n, 0n]));
      expect(read(ETH, "allowance", [self, self])).to.deep.equal([MAX, MAX]);
      expect(read(ETH, "balance_of", [OTHER])).to.deep.equal([11n, 0n]);
    });

    it("refuses what nobody has, and address 0", () => {
      expect(revertOf(callOf(ETH, "transfer", [OTHER, 0n, 1n]))).to.include(
        quoted("ERC20: insufficient balance"),
      );
      expect(revertOf(callOf(ETH, "transfer", [0n, 1n, 0n]))).to.include(
        quoted("ERC20: transfer to 0"),
      );
    });

    it("mints and burns for its minter only", () => {
      chain.run(callOf(ETH, "permissioned_mint", [OTHER, 5n, 0n]));
      chain.run(callOf(ETH, "permissionedBurn", [OTHER, 2n, 0n]));
      expect(read(ETH, "balance_of", [OTHER])).to.deep.equal([3n, 0n]);
      expect(read(ETH, "total_supply")).to.deep.equal([BALANCE + 3n, 0n]);
      const stranger = 0x57n;
      const calldata = [0n, 0n, 0n, 0n, 0n, 0n, 18n, 0n, 0n, stranger, stranger];
      chain.deploy(0xe20n, loadSystemClass("erc20").classHash, calldata);
      expect(revertOf(callOf(0xe20n, "permissioned_mint", [OTHER, 5n, 0n]))).to.include(
        quoted("MINTER_ONLY"),
      );
    });
  });

  describe("account", () => {
    it("knows its key's signatures", () => {
      const message = 0x1234n;
      const { r, s } = sign(message, PRIVATE_KEY);
      for (const name of ["is_valid_signature", "isValidSignature"]) {
        const call = (signature: bigint[]): readonly bigint[] =>
          read(chain.account, name, [message, ...span(signature)]);
        expect(call([r, s])).to.deep.equal([shortString("VALID")]);
        expect(call([r, s + 1n])).to.deep.equal([0n]);
        expect(call([r])).to.deep.equal([0n]);
      }
    });

    it("implements SNIP-5 and SNIP-6", () => {
      const ids = [
        0x3f918d17e5ee77373b56385708f855659a07f75997f365cf87748628532a055n,
        0x2ceccef7f994940b3962a6c67e0ba4fcd37df7d131417c604f91e03caecc1cdn,
        0xffffffffn,
      ];
      const answers = ids.map((id) => read(chain.account, "supports_interface", [id])[0]);
      expect(answers).to.deep.equal([1n, 1n, 0n]);
    });

    it("goes to a key that accepts it", () => {
      const { account } = chain;
      const [oldKey, newKey] = [publicKey(PRIVATE_KEY), publicKey(77n)];
      const accepted = poseidonMany([
        shortString("StarkNet Message"),
        shortString("accept_ownership"),
        account,
        oldKey,
      ]);
      const change = (key: bigint): Call => {
        const { r, s } = sign(accepted, key);
        return callOf(account, "set_public_key", [newKey, ...span([r, s])]);
      };
      expect(revertOf(change(78n))).to.include(quoted("Account: invalid signature"));
      const { calls } = chain.run(change(77n));
      expect(calls.execute!.calls[0]!.events.map(({ keys }) => keys)).to.deep.equal([
        [selector("OwnerRemoved"), oldKey],
        [selector("OwnerAdded"), newKey],
      ]);
      const slot = hash.starknetKeccak("Account_public_key");
      expect(chain.state.storageAt(account, slot)).to.equal(newKey);
    });

    it("is obeyed by nobody but the protocol", () => {
      const other = 0xacc2n;
      chain.deploy(other, loadSystemClass("account").classHash, [publicKey(PRIVATE_KEY)]);
      // The syscall itself refuses to enter __execute__.
      expect(revertOf(callOf(other, "__execute__", [0n]))).to.include(quoted("Invalid argument"));
      const { r, s } = sign(1n, 77n);
      const change = callOf(other, "setPublicKey", [publicKey(77n), ...span([r, s])]);
      expect(revertOf(change)).to.include(quoted("Account: unauthorized"));
    });
  });

  describe("universal deployer", () => {
    const UDC = 0x0dcn;
    const SALT = 0x5a17n;

    for (const [name, unique] of [
      ["deployContract", true],
      ["deployContract", false],
      ["deploy_contract", true],
      ["deploy_contract", false],
    ] as const) {
      it(`deploys by ${name}, ${unique ? "for the caller alone" : "from zero"}`, () => {
        const { classHash } = loadSystemClass("account");
        const udc = loadSystemClass("udc");
        chain.declare(udc);
        chain.deploy(UDC, udc.classHash, []);
        const flag = unique ? 1n : 0n;
        const calldata = [classHash, SALT, flag, ...span([0x99n])];
        const { calls, result } = chain.run(callOf(UDC, name, calldata));

        const expected = contractAddress({
          deployer: unique ? UDC : 0n,
          salt: unique ? pedersen(chain.account, SALT) : SALT,
          classHash,
          constructorCalldata: [0x99n],
        });
        expect(result).to.deep.equal([expected]);
        expect(toHex(expected)).to.equal(
          hash.calculateContractAddressFromHash(
            toHex(
              unique ? BigInt(hash.computePedersenHash(toHex(chain.account), toHex(SALT))) : SALT,
            ),
            toHex(classHash),
            ["0x99"],
            toHex(unique ? UDC : 0n),
          ),
        );
        expect(calls.execute!.calls[0]!.events[0]).to.deep.include({
          keys: [selector("ContractDeployed")],
          data: [expected, chain.account, flag, classHash, 1n, 0x99n, SALT],
        });
        expect(chain.state.classHashAt(expected)).to.equal(classHash);
      });
    }
  });
});
