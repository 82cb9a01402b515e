/** The matchers themselves; ./types.ts says what each one asserts. */
import { AssertionError } from "chai";
import type { CoreEvent } from "../../l1/events.ts";
import { checkMessages, expectedMessage, type Message, TO_L1, TO_L2, toFelt } from "./message.ts";
import { coreEvents, finalityOf, hashOf, ON_L1, ON_L2 } from "./transaction.ts";
import type {
  ConnectedContract,
  ExpectedMessageToL1,
  ExpectedMessageToL2,
  StatusProvider,
} from "./types.ts";

/** An assertion that is awaited. */
type Assertion = Chai.AssertionPrototype & Partial<Pick<Promise<void>, "then" | "catch">>;

interface ReceiptOfL2 {
  readonly transaction_hash: string;
  readonly messages_sent: readonly {
    readonly from_address: string;
    readonly to_address: string;
    readonly payload: readonly string[];
  }[];
}

/** A chai plugin: `chai.use(starknetMatchers)`. */
export const starknetMatchers: Chai.ChaiPlugin = ({ Assertion }, utils) => {
  /** Adds a method that gets the subject, or what it resolves to, and whether the assertion is negated. */
  function add<Args extends unknown[]>(
    name: string,
    check: (subject: unknown, negated: boolean, ...args: Args) => void | Promise<void>,
  ): void {
    Assertion.addMethod(name, function method(this: Assertion, ...args: unknown[]) {
      // Read now: what is chained behind may change it.
      const negated = utils.flag(this, "negate") === true;
      const subject: unknown = utils.flag(this, "object");
      const run = (value: unknown) => check(value, negated, ...(args as Args));
      const isChained = this.then !== undefined;
      const done =
        isChained || isThenable(subject)
          ? Promise.resolve(isChained ? this : undefined)
              .then(() => subject)
              .then(run)
          : run(subject);
      if (done !== undefined) {
        const promise = withStackOf(method, done);
        this.then = promise.then.bind(promise);
        this.catch = promise.catch.bind(promise);
      }
      return this;
    });
  }

  add(
    "sendMessageToL2",
    async (subject, negated, core: ConnectedContract, given: ExpectedMessageToL2 = {}) => {
      const expected = expectedMessage(given, TO_L2);
      const hash = hashOf(subject, ON_L1);
      const messages = (await coreEvents(core, hash)).flatMap(sentToL2);
      const action = "send a message to L2";
      checkMessages({
        subject: `transaction ${hash}`,
        action,
        fields: TO_L2,
        messages,
        expected,
        negated,
      });
    },
  );

  add(
    "consumeMessageFromL2",
    async (subject, negated, core: ConnectedContract, given: ExpectedMessageToL1 = {}) => {
      const expected = expectedMessage(given, TO_L1);
      const hash = hashOf(subject, ON_L1);
      const messages = (await coreEvents(core, hash)).flatMap(consumedOnL1);
      const action = "consume a message from L2";
      checkMessages({
        subject: `transaction ${hash}`,
        action,
        fields: TO_L1,
        messages,
        expected,
        negated,
      });
    },
  );

  add("sendMessageToL1", (subject, negated, given: ExpectedMessageToL1 = {}) => {
    const expected = expectedMessage(given, TO_L1);
    const { transaction_hash, messages_sent } = receiptOfL2(subject);
    const messages = messages_sent.map(({ from_address, to_address, payload }) => ({
      from: toFelt(from_address, "from_address"),
      to: toFelt(to_address, "to_address"),
      payload: payload.map((word) => toFelt(word, "payload")),
    }));
    const action = "send a message to L1";
    checkMessages({
      subject: `transaction ${transaction_hash}`,
      action,
      fields: TO_L1,
      messages,
      expected,
      negated,
    });
  });

  add("acceptedOnL1", async (subject, negated, provider: StatusProvider) => {
    const hash = hashOf(subject, ON_L2);
    const finality = await finalityOf(provider, hash);
    if ((finality === "ACCEPTED_ON_L1") !== negated) return;
    throw new AssertionError(
      negated
        ? `expected transaction ${hash} not to be accepted on L1; it is`
        : `expected transaction ${hash} to be accepted on L1; its finality is ${finality}`,
    );
  });
};

/** The promise, whose failed assertion shows where `caller` was called: its own stack has lost the test. */
function withStackOf(caller: (...args: never[]) => unknown, promise: Promise<void>): Promise<void> {
  const site: { stack?: string } = {};
  Error.captureStackTrace(site, caller);
  return promise.catch((error: unknown) => {
    if (error instanceof AssertionError) {
      const frames = site.stack?.split("\n").slice(1).join("\n");
      error.stack = `${error.name}: ${error.message}\n${frames}`;
    }
    throw error;
  });
}

const isThenable = (value: unknown): boolean =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === "function";

function sentToL2(event: CoreEvent): Message[] {
  if (event.kind !== "sentToL2") return [];
  const { fromAddress, toAddress, selector, payload, nonce } = event.message;
  return [{ from: fromAddress, to: toAddress, selector, payload, nonce, fee: event.fee }];
}

function consumedOnL1(event: CoreEvent): Message[] {
  if (event.kind !== "consumedOnL1") return [];
  const { fromAddress, toAddress, payload } = event.message;
  return [{ from: fromAddress, to: toAddress, payload }];
}

/** Throws TypeError. */
function receiptOfL2(subject: unknown): ReceiptOfL2 {
  const receipt = subject as ReceiptOfL2 | undefined;
  if (Array.isArray(receipt?.messages_sent)) return receipt;
  throw new TypeError(
    "expected the receipt of a transaction of L2: await provider.waitForTransaction(transaction_hash)",
  );
}
