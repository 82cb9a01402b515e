/**
 * Chai matchers for messages between the layers. Nothing is to be imported: where chai is installed, the first
 * `network.create()` of the process adds them.
 */

import type { BaseContract } from "ethers";

/** A number. Contracts and accounts of ethers and starknet.js stand for their addresses. */
export type FeltLike =
  bigint | number | string | { readonly address: string } | { readonly target: string | object };

/** What a message to L2 should be; what is not named may be anything. */
export interface ExpectedMessageToL2 {
  /** Sender on L1. */
  readonly from?: FeltLike;
  /** Contract on L2. */
  readonly to?: FeltLike;
  /** L1 handler, by name or by selector. */
  readonly selector?: FeltLike;
  readonly payload?: readonly FeltLike[];
  readonly nonce?: FeltLike;
  /** wei */
  readonly fee?: FeltLike;
}

/** What a message to L1 should be; what is not named may be anything. */
export interface ExpectedMessageToL1 {
  /** Contract on L2. */
  readonly from?: FeltLike;
  /** Receiver on L1. */
  readonly to?: FeltLike;
  readonly payload?: readonly FeltLike[];
}

/** The core contract as an ethers contract that is connected to L1: what `starknet.core()` answers. */
export type ConnectedContract = Pick<BaseContract, "getAddress" | "runner">;

/** A provider of starknet.js. */
export interface StatusProvider {
  getTransactionStatus(transactionHash: string): Promise<object>;
}

declare global {
  // @types/chai declares its types in this namespace.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Chai {
    interface Assertion {
      /**
       * The transaction of L1 sent such a message to L2.
       *
       * @param core what `starknet.core()` answers
       * @example
       * await expect(bridge.deposit(account.address, amount, { value }))
       *   .to.sendMessageToL2(core, { to: l2Bridge, selector: "handle_deposit" });
       */
      sendMessageToL2(core: ConnectedContract, message?: ExpectedMessageToL2): MessageAssertion;

      /**
       * The transaction of L1 consumed such a message of L2.
       *
       * @param core what `starknet.core()` answers
       * @example
       * await expect(bridge.withdraw(recipient, amount))
       *   .to.consumeMessageFromL2(core, { from: l2Bridge });
       */
      consumeMessageFromL2(
        core: ConnectedContract,
        message?: ExpectedMessageToL1,
      ): MessageAssertion;

      /**
       * The receipt of a transaction of L2, or the promise of one, has such a message to L1.
       *
       * @example
       * const receipt = await provider.waitForTransaction(transaction_hash);
       * expect(receipt).to.sendMessageToL1({ to: bridge, payload: [recipient, amount, 0] });
       */
      sendMessageToL1(message?: ExpectedMessageToL1): MessageAssertion;

      /**
       * The transaction of L2 (hash, receipt, or what starknet.js gives for one it sent) is in a block that has
       * settled.
       *
       * @example
       * await starknet.settle();
       * await expect(transaction_hash).to.be.acceptedOnL1(provider);
       */
      acceptedOnL1(provider: StatusProvider): MessageAssertion;
    }

    interface MessageAssertion extends Assertion, Promise<void> {}
  }
}
