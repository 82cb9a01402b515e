/**
 * Gas of calls as blockifier's own tests state it, for the contracts that those tests use. The contracts
 * are StarkWare's and not part of this project: BLOCKIFIER_CONTRACTS names the folder
 * crates/blockifier_test_utils/resources/feature_contracts/cairo1 of a checkout of
 * starkware-libs/sequencer at tag APOLLO-0.14.0-6. Without it these tests skip.
 */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import type { Felt } from "../../../src/field/felt.ts";
import { shortString } from "../../../src/field/short-string.ts";
import { selector } from "../../../src/hash/keccak.ts";
import {
  BLOCK_HASH_CONTRACT,
  DEFAULT_INITIAL_GAS,
  LIMITS,
} from "../../../src/starknet/constants.ts";
import { NO_TRANSACTION } from "../../../src/starknet/execution/call.ts";
import type { EntryPointCall, ExecutedCall } from "../../../src/starknet/execution/call-info.ts";
import { ExecutionContext, maxSteps } from "../../../src/starknet/execution/context.ts";
import { executeCall } from "../../../src/starknet/execution/entry-point.ts";
import { loadClass, span, TestChain } from "./support/chain.ts";
import type { LoadedClass } from "./support/chain.ts";

const FOLDER = process.env["BLOCKIFIER_CONTRACTS"];
const CONTRACT = 0xc0070000n;

describe("gas as in blockifier's tests", () => {
  let contract: LoadedClass;
  let empty: LoadedClass;
  let account: LoadedClass;
  before(function () {
    if (FOLDER === undefined) {
      console.log("      skipped: BLOCKIFIER_CONTRACTS is not set");
      this.skip();
    }
    const read = (path: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${path}`, "utf8"));
    const load = (name: string): LoadedClass =>
      loadClass(read(`sierra/${name}.sierra.json`), read(`compiled/${name}.casm.json`));
    contract = load("test_contract");
    empty = load("empty_contract");
    account = load("account_with_dummy_validate");
  });

  function call(
    name: string,
    calldata: readonly Felt[],
    options: Partial<EntryPointCall> & {
      readonly of?: LoadedClass;
      readonly bySteps?: boolean;
    } = {},
  ): ExecutedCall {
    const { of = contract, bySteps = false, ...overrides } = options;
    const chain = new TestChain();
    chain.declare(contract);
    chain.declare(empty);
    if (bySteps) {
      const [, , , ...program] = of.sierra.sierraProgram;
      chain.declare({ ...of, sierra: { ...of.sierra, sierraProgram: [1n, 6n, 0n, ...program] } });
    } else chain.declare(of);
    chain.state.setClassHash(CONTRACT, of.classHash);
    chain.state.setClassHash(0x111n, 0x222n);
    chain.state.setStorage(BLOCK_HASH_CONTRACT, BigInt(chain.block.number - 10), 66n);
    const { env, block, state } = chain;
    const initialGas = overrides.initialGas ?? DEFAULT_INITIAL_GAS;
    const steps = maxSteps("EXECUTE", undefined);
    const info = NO_TRANSACTION;
    const mode = "EXECUTE";
    const context = new ExecutionContext({ env, block, state, info, mode, initialGas, steps });
    return executeCall(context, {
      classHash: undefined,
      contractAddress: CONTRACT,
      callerAddress: 0n,
      entryPointType: "EXTERNAL",
      entryPointSelector: selector(name),
      callType: "CALL",
      calldata,
      ...overrides,
      initialGas,
    });
  }
  const gas = (...args: Parameters<typeof call>): bigint => call(...args).sierraGas;

  it("is that of each syscall", () => {
    expect(gas("test_storage_read_write", [1234n, 18n])).to.equal(26_450n);
    expect(
      gas("test_emit_events", [
        1n,
        ...span([0x2019n, 0x2020n]),
        ...span([0x2021n, 0x2022n, 0x2023n]),
      ]),
    ).to.equal(34_580n);
    expect(gas("test_get_block_hash", [2335n])).to.equal(15_220n);
    expect(gas("test_get_class_hash_at", [0x111n, 0x222n])).to.equal(16_460n);
    expect(gas("test_keccak", [])).to.equal(236_667n);
    expect(gas("test_sha256", [])).to.equal(869_855n);
    expect(gas("test_secp256k1", [])).to.equal(16_997_129n);
    expect(gas("test_secp256k1_point_from_x", [])).to.equal(184_690n);
    expect(gas("test_secp256r1", [])).to.equal(27_569_930n);
    expect(gas("test_replace_class", [empty.classHash])).to.equal(15_220n);
    expect(gas("test_send_message_to_l1", [1234n, ...span([2019n, 2020n, 2021n])])).to.equal(
      26_690n,
    );
  });

  it("is that of inner calls", () => {
    const write = selector("test_storage_read_write");
    expect(gas("test_call_contract", [CONTRACT, write, ...span([405n, 48n])])).to.equal(129_870n);
    const { classHash } = contract;
    expect(gas("test_library_call", [classHash, write, ...span([1219n, 91n])])).to.equal(127_470n);
    const failing = call("test_library_call", [
      classHash,
      selector("assert_eq"),
      ...span([0n, 1n]),
    ]);
    expect(failing.failed).to.equal(true);
    expect(failing.result).to.deep.equal(["x != y", "ENTRYPOINT_FAILED"].map(shortString));
    expect(failing.sierraGas).to.equal(111_020n);
    const nested = call(
      "test_nested_library_call",
      [classHash, selector("test_library_call"), write, 255n, 44n],
      { initialGas: 9_999_292_440n },
    );
    const [library, storage] = nested.calls;
    const [inner] = library!.calls;
    const figures = [nested, library!, inner!, storage!].map((each) => [
      each.initialGas,
      each.sierraGas,
    ]);
    expect(figures).to.deep.equal([
      [9_999_292_440n, 342_890n],
      [9_999_182_620n, 127_470n],
      [9_999_081_600n, 26_450n],
      [9_998_975_990n, 26_450n],
    ]);
  });

  it("is that of deployments", () => {
    expect(gas("test_deploy", [empty.classHash, 0n, 0n, 0n])).to.equal(156_540n);
    const deploy = call("test_deploy", [contract.classHash, 0n, ...span([1n, 1n]), 0n]);
    expect(deploy.sierraGas).to.equal(184_620n);
    expect(deploy.calls[0]!.sierraGas).to.equal(14_640n);
  });

  it("runs out as there", () => {
    const { failed, result, sierraGas } = call("test_get_block_hash", [2335n], {
      initialGas: 15_219n,
    });
    expect(failed).to.equal(true);
    expect(result).to.deep.equal([shortString("Out of gas")]);
    expect(sierraGas).to.equal(15_220n - 840n);
  });

  it("is that of an L1 handler", () => {
    const handler = { entryPointType: "L1_HANDLER", initialGas: LIMITS.l1Handler.l2Gas } as const;
    expect(gas("l1_handler_set_value", [0x123n, 0x876n, 0x44n], handler)).to.equal(15_850n);
  });

  it("is that of an account, by gas and by steps", () => {
    const calldata = [CONTRACT, selector("return_result"), ...span([2n])];
    expect(gas("__validate__", calldata, { of: account })).to.equal(8990n);
    const deploy = [1n, 2n];
    expect(gas("__validate_deploy__", deploy, { of: account })).to.equal(10_000n - 6760n);
    const resources = (name: string, data: readonly Felt[]): ExecutedCall["vmResources"] =>
      call(name, data, { of: account, bySteps: true }).vmResources;
    const expected = (steps: number, range_check: number) => ({
      steps,
      memoryHoles: 0,
      builtins: { range_check },
    });
    expect(resources("__validate_deploy__", deploy)).to.deep.equal(expected(32, 2));
    expect(resources("__validate_declare__", [1n])).to.deep.equal(expected(28, 2));
  });
});
