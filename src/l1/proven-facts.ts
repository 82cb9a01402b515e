/** Facts that a registry takes only with a STARK proof (contracts/verifier/CairoFactRegistry.sol). */
import type { ProverService } from "../proving/service.ts";
import { wordsOf } from "../prover/verifier/public-memory.ts";
import { ProofRejected } from "../prover/verifier/rejection.ts";
import { verify } from "../prover/verifier/verify.ts";
import { Unprovable } from "../os/unprovable.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import type { Ethereum } from "./ethereum.ts";
import { isValid, type FactEstablisher, type FactTransaction } from "./facts-on-l1.ts";
import { TRANSACTION_GAS_CAP, type Operator } from "./operator.ts";
import { SettlementError } from "./settlement-error.ts";
import type { StateUpdate } from "./update.ts";
import {
  carryOut,
  factPurpose,
  planVerification,
  type VerificationTarget,
} from "./verifier/calldata.ts";
import { bytesToHex } from "../util/hex.ts";

export interface ProvenFactsParts {
  readonly service: ProverService;
  readonly ethereum: Ethereum;
  readonly operator: Operator;
  readonly registry: string;
}

export class ProvenFacts implements FactEstablisher {
  readonly #parts: ProvenFactsParts;

  constructor(parts: ProvenFactsParts) {
    this.#parts = parts;
  }

  /** The blocks of a proof that is there. */
  range(first: number): BlockRange | undefined {
    return this.#parts.service.proofFrom(first)?.range;
  }

  async ready(first: number): Promise<void> {
    try {
      await this.#parts.service.ready(first);
    } catch (error) {
      if (!(error instanceof Unprovable)) throw error;
      throw new SettlementError(
        `${error.message}. Nothing from there on settles with proofs: take the block back, or start with settlement "unproven"`,
        { cause: error },
      );
    }
  }

  async establish(update: StateUpdate): Promise<readonly FactTransaction[]> {
    const { service, ethereum, registry } = this.#parts;
    const { range, fact, main } = update;
    if (await isValid(ethereum, registry, fact)) return [];
    const stored = service.proofFrom(range.first);
    if (stored === undefined || stored.range.last !== range.last)
      throw new SettlementError(`there is no proof of blocks ${range.first} to ${range.last}`);
    const { file } = stored.proof;
    checkOutput(update, wordsOf(file.pages.at(-1)!));
    const purpose = factPurpose(file, main.length);
    const plan = planVerification(file, verified(update, file), purpose);
    const target: VerificationTarget<FactTransaction> = {
      call: (data) => this.#call(data),
      send: (name, data) => this.#send(name, data),
    };
    return carryOut(plan, target, { whole: "proveFact", begin: "beginFact" });
  }

  async #call(data: Uint8Array): Promise<Uint8Array> {
    const { ethereum, registry } = this.#parts;
    return Buffer.from((await ethereum.call(registry, bytesToHex(data))).slice(2), "hex");
  }

  async #send(name: string, data: Uint8Array): Promise<FactTransaction> {
    const { operator, registry } = this.#parts;
    // An estimate would run the verification several times.
    const gasLimit = TRANSACTION_GAS_CAP;
    const { transactionHash, gasUsed } = await operator.send({
      to: registry,
      data: bytesToHex(data),
      gasLimit,
    });
    return { name, transactionHash, gasUsed };
  }
}

/** A proof that L1 would refuse does not go there. */
function verified({ range }: StateUpdate, file: Parameters<typeof verify>[0]) {
  try {
    return verify(file);
  } catch (error) {
    if (!(error instanceof ProofRejected)) throw error;
    throw new SettlementError(
      `the proof of blocks ${range.first} to ${range.last} is none: ${error.message}`,
      { cause: error },
    );
  }
}

/** What was proven is what the sequencer says of its blocks. */
function checkOutput({ range, main, stateDiff }: StateUpdate, words: readonly bigint[]): void {
  const expected = [...main, ...stateDiff];
  if (words.length === expected.length && words.every((word, i) => word === expected[i])) return;
  throw new SettlementError(
    `the OS program makes of blocks ${range.first} to ${range.last} what the sequencer did not: this L2 cannot settle them`,
  );
}
