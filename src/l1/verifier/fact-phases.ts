/** What each phase of `proveFact` costs (contracts/verifier/CairoFactProfile.sol). */
import { AbiCoder } from "ethers";
import { bytesToBigInt } from "../../util/bytes.ts";
import { decodeBytes, encodeArguments, encodeCall, selectorOf } from "../abi.ts";
import type { Ethereum } from "../ethereum.ts";
import { L1RequestError } from "../transport.ts";
import { verifierCreationCode } from "./artifacts.ts";
import { MAX_TRANSACTION_GAS } from "./client.ts";
import { phaseNames, type PhaseGas } from "./phases.ts";
import { bytesToHex } from "../../util/hex.ts";

export const PROVE_FACT = "proveFact(uint256[],uint256[],uint256[],uint256,bytes)";
const PROFILE = "profile(uint256[],uint256[],uint256[],uint256,bytes)";

const CALL_GAS = `0x${MAX_TRANSACTION_GAS.toString(16)}`;

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.slice(2), "hex");

/** Verifies once more, by calls that change nothing, in a registry whose code is for their time one that measures. */
export class FactProfiler {
  readonly #l1: Ethereum;
  readonly #registry: string;
  #code: Promise<string> | undefined;

  /** @param registry address of a CairoFactRegistry */
  constructor(l1: Ethereum, registry: string) {
    this.#l1 = l1;
    this.#registry = registry;
  }

  /**
   * Execution only, calldata not among it; undefined where L1 does not take other code for a call.
   *
   * @param calldata of a transaction that called `proveFact`
   */
  async phases(calldata: string): Promise<readonly PhaseGas[] | undefined> {
    const data = bytesToHex(Buffer.concat([selectorOf(PROFILE), bytesOf(calldata).subarray(4)]));
    let answer: string;
    try {
      const code = await (this.#code ??= this.#profileCode());
      const to = this.#registry;
      const request = { to, data, gas: CALL_GAS };
      answer = await this.#l1.request<string>("eth_call", request, "latest", { [to]: { code } });
    } catch (error) {
      if (!(error instanceof L1RequestError)) throw error;
      return undefined;
    }
    const [gas] = AbiCoder.defaultAbiCoder().decode(["uint256[]"], answer) as unknown as [bigint[]];
    const measured = [...gas].map(Number);
    const overhead = measured.pop()!;
    const names = [...phaseNames(measured.length - 1), "keeping the fact"];
    return measured.map((value, i) => ({ phase: names[i]!, gas: value - overhead }));
  }

  /** The measuring contract's code, its immutables those of the registry: what its creation would leave there. */
  async #profileCode(): Promise<string> {
    const settings: bigint[] = [];
    for (const name of ["composition", "deep", "securityBits", "minPowBits"])
      settings.push(bytesToBigInt(await this.#read(`${name}()`)));
    const builtins = decodeBytes(await this.#read("builtins()"));
    const creation = Buffer.concat([
      verifierCreationCode("CairoFactProfile"),
      encodeArguments([...settings, await this.#programPages(), builtins]),
    ]);
    const request = { data: bytesToHex(creation), gas: CALL_GAS };
    return this.#l1.request<string>("eth_call", request, "latest");
  }

  async #programPages(): Promise<bigint[]> {
    const pages: bigint[] = [];
    for (;;) {
      try {
        const page = await this.#read("programPages(uint256)", BigInt(pages.length));
        pages.push(bytesToBigInt(page));
      } catch (error) {
        // The getter of a list reverts behind its end.
        if (error instanceof L1RequestError && pages.length > 0) return pages;
        throw error;
      }
    }
  }

  async #read(signature: string, ...args: bigint[]): Promise<Uint8Array> {
    const data = encodeCall(signature, args);
    return bytesOf(await this.#l1.call(this.#registry, bytesToHex(data)));
  }
}
