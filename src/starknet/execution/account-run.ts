/** One account transaction on its way through checks, validation, execution and fee. */
import type { Felt } from "../../field/felt.ts";
import type { CachedState } from "../../state/cached-state.ts";
import { toPaddedHex } from "../../util/hex.ts";
import type { BlockContext } from "../block.ts";
import { LIMITS } from "../constants.ts";
import {
  amountExceeded,
  balanceExceeded,
  boundsExceedBalance,
  boundsShortfall,
} from "../fee/fee-checks.ts";
import { capGas, gasFee, maxAmounts, maxFee } from "../fee/gas-vector.ts";
import { countStateChanges, feeTokenBalance } from "../fee/state-changes.ts";
import { minimalGas, transactionGas } from "../fee/transaction-gas.ts";
import type { GasBreakdown } from "../fee/transaction-gas.ts";
import { QUERY_VERSION_BASE } from "../transaction.ts";
import type { AccountTransaction } from "../transaction.ts";
import { summarize } from "./call-info.ts";
import type { ExecutedCall } from "./call-info.ts";
import { ExecutionContext, maxSteps, transactionInfo } from "./context.ts";
import type { ExecutionMode, TransactionInfo } from "./context.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { TransactionRejected } from "./rejection.ts";

export interface ExecutionOptions {
  /** Leave `__validate__` out. */
  readonly skipValidate?: boolean;
  /** Look at neither bounds nor balance, and transfer no fee; it is computed all the same. */
  readonly skipFeeCharge?: boolean;
  /** Take transactions of query versions, which may be simulated but never be in a block. */
  readonly allowQueries?: boolean;
  /** A nonce above the account's is an error too; on by default. */
  readonly strictNonceCheck?: boolean;
  /** Run with all the gas that the protocol allows, instead of the L2 gas of the bounds: for estimates. */
  readonly ignoreGasBounds?: boolean;
}

/** Gas and fee of a transaction. */
export interface Cost {
  readonly gas: GasBreakdown;
  readonly fee: bigint;
}

/** Undone work that is charged for. */
export interface RevertedWork {
  readonly steps: number;
  readonly sierraGas: bigint;
}

const NOTHING_REVERTED: RevertedWork = { steps: 0, sierraGas: 0n };

export class AccountRun {
  readonly env: ExecutionEnvironment;
  readonly block: BlockContext;
  /** State before the transaction. */
  readonly before: CachedState;
  /** Overlay with the changes of this transaction. */
  readonly state: CachedState;
  readonly transaction: AccountTransaction;
  readonly options: ExecutionOptions;
  readonly info: TransactionInfo;
  /** Sierra gas that the bounds leave. */
  remainingGas: bigint;

  constructor(input: {
    readonly env: ExecutionEnvironment;
    readonly block: BlockContext;
    readonly before: CachedState;
    readonly state: CachedState;
    readonly transaction: AccountTransaction;
    readonly options: ExecutionOptions;
  }) {
    this.env = input.env;
    this.block = input.block;
    this.before = input.before;
    this.state = input.state;
    this.transaction = input.transaction;
    this.options = input.options;
    this.info = transactionInfo(input.transaction);
    this.remainingGas = input.options.ignoreGasBounds
      ? LIMITS.validateSierraGas + LIMITS.executeSierraGas
      : input.transaction.resourceBounds.l2Gas.maxAmount;
  }

  get chargesFee(): boolean {
    return !this.options.skipFeeCharge;
  }

  get sender(): Felt {
    return this.transaction.senderAddress;
  }

  /** Gas for the next phase of a mode. */
  gasFor(mode: ExecutionMode): bigint {
    const limit = mode === "VALIDATE" ? LIMITS.validateSierraGas : LIMITS.executeSierraGas;
    return this.remainingGas < limit ? this.remainingGas : limit;
  }

  newContext(mode: ExecutionMode, initialGas = this.gasFor(mode)): ExecutionContext {
    const { env, block, state, info, transaction } = this;
    const bound = this.chargesFee ? transaction.resourceBounds.l2Gas.maxAmount : undefined;
    return new ExecutionContext({
      env,
      block,
      state,
      info,
      mode,
      initialGas,
      steps: maxSteps(mode, bound),
    });
  }

  get calldataLength(): number {
    switch (this.transaction.type) {
      case "INVOKE":
        return this.transaction.calldata.length;
      case "DECLARE":
        return 0;
      case "DEPLOY_ACCOUNT":
        return this.transaction.constructorCalldata.length;
    }
  }

  /** Checks before anything runs; takes the nonce. Throws TransactionRejected. */
  prepare(): void {
    this.#checkVersion();
    this.#takeNonce();
    if (!this.chargesFee) return;
    const { resourceBounds, tip, type } = this.transaction;
    const { gasPrices, dataAvailability } = this.block;
    const minimum = minimalGas(type, this.calldataLength, dataAvailability);
    const shortfall = boundsShortfall(resourceBounds, minimum, gasPrices);
    if (shortfall !== undefined) {
      throw new TransactionRejected("INSUFFICIENT_RESOURCES_FOR_VALIDATE", shortfall);
    }
    const balance = feeTokenBalance(this.state, this.env.feeTokens.strk, this.sender);
    if (balance < maxFee(resourceBounds, tip)) {
      throw new TransactionRejected(
        "INSUFFICIENT_BALANCE",
        boundsExceedBalance(resourceBounds, balance),
      );
    }
  }

  #checkVersion(): void {
    const { version } = this.transaction;
    const isQuery = version === QUERY_VERSION_BASE + 3n && this.options.allowQueries === true;
    if (version !== 3n && !isQuery) {
      const shown = `0x${version.toString(16)}`;
      throw new TransactionRejected(
        "UNSUPPORTED_VERSION",
        `Transaction version ${shown} is not supported. Supported versions: [0x3].`,
      );
    }
  }

  #takeNonce(): void {
    const { strictNonceCheck = true } = this.options;
    const { nonce } = this.transaction;
    const account = this.state.nonceAt(this.sender);
    if (strictNonceCheck ? account !== nonce : account > nonce) {
      const hex = (value: Felt): string => toPaddedHex(value, 32);
      throw new TransactionRejected(
        "INVALID_NONCE",
        `Invalid transaction nonce of contract at address ${hex(this.sender)}. ` +
          `Account nonce: ${hex(account)}; got: ${hex(nonce)}.`,
        { nonces: { account, transaction: nonce } },
      );
    }
    this.state.setNonce(this.sender, account + 1n);
  }

  /** Cost of what the calls did, with the state changes as they are now. */
  cost(calls: readonly (ExecutedCall | undefined)[], reverted = NOTHING_REVERTED): Cost {
    const { transaction, block, env } = this;
    const gas = transactionGas(
      {
        type: transaction.type,
        calldataLength: this.calldataLength,
        signatureLength: transaction.signature.length,
        codeSize: this.#codeSize(),
        stateChanges: countStateChanges(
          this.state.diff(),
          this.before,
          env.feeTokens.strk,
          this.sender,
        ),
        execution: summarize(calls),
        reverted,
      },
      block.dataAvailability,
    );
    return { gas, fee: gasFee(gas.total, block.gasPrices, "fri", transaction.tip) };
  }

  #codeSize(): number {
    if (this.transaction.type !== "DECLARE") return 0;
    return this.env.classes.runnable(this.transaction.classHash)?.codeSize ?? 0;
  }

  /**
   * Whether the sender can pay a cost: what is wrong, and the fee that can be charged instead. Within
   * the bounds of each gas the balance was checked before anything ran.
   */
  costProblem({ gas, fee }: Cost):
    | {
        readonly kind: "amount" | "balance";
        readonly message: string;
        readonly recommendedFee: bigint;
      }
    | undefined {
    if (!this.chargesFee) return undefined;
    const { resourceBounds, tip } = this.transaction;
    const allowed = maxAmounts(resourceBounds);
    const amount = amountExceeded(allowed, gas.total);
    if (amount !== undefined) {
      const charged = capGas(gas.total, allowed);
      const recommendedFee = gasFee(charged, this.block.gasPrices, "fri", tip);
      return { kind: "amount", message: amount, recommendedFee };
    }
    const balance = feeTokenBalance(this.state, this.env.feeTokens.strk, this.sender);
    const message = balanceExceeded(balance, fee);
    return message === undefined ? undefined : { kind: "balance", message, recommendedFee: fee };
  }
}
