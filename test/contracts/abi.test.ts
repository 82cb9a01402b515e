/** The core contract's ABI beside the one of Starknet's core contract on Ethereum. */
import { expect } from "chai";
import { Interface, type InterfaceAbi } from "ethers";
import { readSharedJson, requireShared } from "../support/shared.ts";
import { artifact } from "./support/core.ts";

/** Signatures with mutability, outputs and indexed arguments, without names. */
const signatures = (abi: InterfaceAbi): Set<string> =>
  new Set(
    new Interface(abi).fragments
      .filter(({ type }) => type !== "constructor")
      .map((fragment) =>
        fragment.format("full").replace(/(\w[\w[\]]*(?: indexed)?) \w+(?=[,)])/g, "$1"),
      ),
  );

const difference = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] =>
  [...a].filter((signature) => !b.has(signature)).sort();

describe("ABI of the core contract", () => {
  let ours: Set<string>;
  let published: Set<string>;

  before(async function () {
    const path = "vectors/starknet/l1/starknet_core_contract.abi.json";
    requireShared(this, path);
    published = signatures(readSharedJson<InterfaceAbi>(path));
    ours = signatures((await artifact("StarknetCore")).abi);
  });

  it("lacks nothing of mainnet's but proxy and blobs", () => {
    expect(difference(published, ours)).to.deep.equal([
      "function initialize(bytes)",
      "function isFrozen() view returns (bool)",
      "function updateStateKzgDA(uint256[], bytes[])",
    ]);
  });

  it("has nothing more than the newer mainnet functions and what is ours", () => {
    expect(difference(ours, published)).to.deep.equal([
      // ours
      "event LogInitialState(uint256, int256, uint256)",
      "event LogInitialStateDiff(uint256, uint256, uint256[])",
      "event LogStateUpdateData(uint256 indexed, uint256 indexed, uint256, uint256, uint256, bool)",
      // cairo-lang@66355d7d, starknet/solidity: Starknet.sol and IStarknetMessaging.sol
      "function feeCollector() view returns (address)",
      "function l1ToL2MsgHash(address, uint256, uint256, uint256[], uint256) pure returns (bytes32)",
      "function l2ToL1MsgHash(uint256, address, uint256[]) pure returns (bytes32)",
      // ours
      "function publishInitialState(uint256, uint256, uint256[])",
      // cairo-lang@66355d7d, starknet/solidity: Starknet.sol
      "function setFeeCollectionAddress(address)",
      // ours
      "function updateStateCalldataDA(uint256[], uint256[])",
      "function verifier() view returns (address)",
    ]);
  });

  it("is covered by the interfaces that users import", async () => {
    const imported = signatures((await artifact("IStarknetCore")).abi);
    expect(difference(imported, ours)).to.deep.equal([]);
  });
});
