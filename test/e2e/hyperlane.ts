/** Steps with the production classes of npm's `@hyperlane-xyz/starknet-core` over a devnet's JSON-RPC. */
import { expect } from "chai";
import { hash, type CairoAssembly, type CompiledSierra } from "starknet";
import { LEGACY_UDC } from "../../src/starknet/addresses.ts";
import type { Felt } from "../../src/field/felt.ts";
import { selector } from "../../src/hash/keccak.ts";
import { parseCasmClass } from "../../src/starknet/class/casm.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { compiledClassHash as hashCasm } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass, type SierraClass } from "../../src/starknet/class/sierra.ts";
import { toHex } from "../../src/util/hex.ts";
import type { TestDevnet } from "../support/devnet.ts";
import { declare, invoke } from "../support/submit.ts";

const ARTIFACTS = new URL("artifacts/", import.meta.resolve("@hyperlane-xyz/starknet-core"));

async function artifact<T>(name: string, kind: string): Promise<T> {
  const { href } = new URL(`${name}.${kind}.js`, ARTIFACTS);
  const module = (await import(href)) as Record<string, T>;
  return Object.values(module)[0]!;
}

interface Receipt {
  readonly execution_status: string;
  readonly revert_reason?: string;
  readonly events: readonly { readonly from_address: string; readonly data: readonly string[] }[];
}

const receipt = (devnet: TestDevnet, transactionHash: string): Promise<Receipt> =>
  devnet.rpc("starknet_getTransactionReceipt", [transactionHash]);

/**
 * Declares the class with the hash of the CASM that its makers published, and expects the devnet to answer with
 * starknet.js's class hash, and to show class and CASM as they hash to it again.
 */
export async function declareProductionClass(devnet: TestDevnet, name: string): Promise<Felt> {
  const sierra = await artifact<CompiledSierra>(name, "contract_class");
  const casm = await artifact<CairoAssembly>(name, "compiled_contract_class");
  const classHash = BigInt(hash.computeContractClassHash(sierra));
  const compiledClassHash = BigInt(hash.computeCompiledClassHash(casm, "0.14.0"));
  const parsed: SierraClass = parseSierraClass(sierra);
  const transaction = declare(devnet, parsed, compiledClassHash, { l2Gas: 4_000_000_000n });
  const known = devnet.devnet.core.sequencer.openBlock().state.compiledClassHash(classHash);
  if (known !== 0n) {
    expect(known, name).to.equal(compiledClassHash);
    const { code } = await devnet.failure("starknet_addDeclareTransaction", [transaction]);
    expect(code, name).to.equal(51);
    return classHash;
  }
  const answer = await devnet.rpc<{ class_hash: string; transaction_hash: string }>(
    "starknet_addDeclareTransaction",
    [transaction],
  );
  expect(BigInt(answer.class_hash), name).to.equal(classHash);
  expect(await receipt(devnet, answer.transaction_hash), name).to.include({
    execution_status: "SUCCEEDED",
  });

  // Our own hashes here, as starknet.js takes seconds; both are compared by what it made of the originals.
  const shown = await devnet.rpc("starknet_getClass", ["latest", answer.class_hash]);
  expect(sierraClassHash(parseSierraClass(shown)), name).to.equal(classHash);
  const shownCasm = await devnet.rpc("starknet_getCompiledCasm", [answer.class_hash]);
  expect(hashCasm(parseCasmClass(shownCasm)), name).to.equal(compiledClassHash);
  return classHash;
}

/** Deploys by a universal deployer; the new contract's address. */
export async function deploy(
  devnet: TestDevnet,
  classHash: Felt,
  calldata: readonly Felt[],
  deployer: Felt = LEGACY_UDC,
): Promise<Felt> {
  const salt = BigInt(await devnet.blockNumber());
  const entryPoint = deployer === LEGACY_UDC ? "deployContract" : "deploy_contract";
  const transaction = invoke(devnet, [
    {
      to: deployer,
      entryPoint,
      calldata: [classHash, salt, 0n, BigInt(calldata.length), ...calldata],
    },
  ]);
  const { transaction_hash } = await devnet.rpc<{ transaction_hash: string }>(
    "starknet_addInvokeTransaction",
    [transaction],
  );
  const { execution_status, revert_reason, events } = await receipt(devnet, transaction_hash);
  expect(execution_status, revert_reason).to.equal("SUCCEEDED");
  const address = BigInt(events.find((one) => BigInt(one.from_address) === deployer)!.data[0]!);
  expect(
    BigInt(await devnet.rpc<string>("starknet_getClassHashAt", ["latest", toHex(address)])),
  ).to.equal(classHash);
  return address;
}

export async function call(
  devnet: TestDevnet,
  address: Felt,
  entryPoint: string,
  calldata: readonly Felt[] = [],
): Promise<Felt[]> {
  const request = {
    contract_address: toHex(address),
    entry_point_selector: toHex(selector(entryPoint)),
    calldata: calldata.map(toHex),
  };
  return (await devnet.rpc<string[]>("starknet_call", [request, "latest"])).map(BigInt);
}
