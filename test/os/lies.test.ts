import { expect } from "chai";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { P } from "../../src/field/felt.ts";
import { OsClass } from "../../src/os/classes.ts";
import type { OsInput, OsTransaction } from "../../src/os/input.ts";
import { runOs } from "../../src/os/run.ts";
import type { ExecutedCall } from "../../src/starknet/execution/call-info.ts";
import type { SyscallAnswer } from "../../src/starknet/execution/record.ts";
import { balanceKey } from "../../src/starknet/fee/state-changes.ts";
import type { InvokeTransaction } from "../../src/starknet/transaction.ts";
import { callOf, type Call, OsChain, PROBES, span } from "./support/os-chain.ts";
import { always, expectCaught, firstOf, flip, type Lies, once, plus } from "./support/lies.ts";

const probe = (name: string, ...calldata: bigint[]): Call => callOf(PROBES[0]!, name, calldata);
const inner = ({ to, selector, calldata }: Call): bigint[] => [to, selector, ...span(calldata)];
const transfer = (to: bigint, amount: bigint): Call =>
  callOf(STRK_TOKEN, "transfer", [to, amount, 0n]);

describe("OS: lies", () => {
  let chain: OsChain;
  /** A block with inner calls, deployments of values, reads and writes. */
  let input: OsInput;
  let previousRoot: bigint;
  const caught = (lies: Lies): void => {
    expectCaught(input, previousRoot, lies);
  };

  before(async () => {
    chain = new OsChain();
    chain.supplyProbes();
    await chain.invoke([probe("write", 5n, 6n), probe("write", 7n, 8n)]);
    for (let i = 0; i < 10; i++) await chain.block();
    const failing = probe("write_then_panic", 5n, 77n, 3n);
    await chain.invoke([
      transfer(0x1234n, 5n),
      probe("write", 5n, 0n),
      probe("write", 9n, 10n),
      probe("read", 100n),
      callOf(PROBES[1]!, "try_call", inner(failing)),
      probe("message", 0x99n, ...span([1n, 2n])),
      probe("deploy", input0(), 1n, ...span([4n, 5n]), 0n),
      probe("info"),
      probe("builtins", 5n),
      probe("keccak", ...span(new Array<bigint>(34).fill(3n))),
    ]);
    await chain.invoke([transfer(0x1234n, 6n)], { from: chain.accounts[1]! });
    const { header } = await chain.block();
    input = chain.input(header.number);
    previousRoot = chain.core.sequencer.chain.header(header.number - 1)!.stateRoot;
    chain.prove(header.number);
  });
  after(async () => {
    await chain.close();
  });

  /** Class hash of the probes. */
  const input0 = (): bigint => chain.core.sequencer.chain.state.latest().classHashAt(PROBES[0]!);

  describe("hints", () => {
    const cases: Record<string, () => Lies> = {
      "a class beyond the table": () => ({
        variables: { "call.enter": { class_index: once(plus(3n)) } },
      }),
      "a class before the table": () => ({
        variables: { "call.enter": { class_index: once(always(P - 1n)) } },
      }),
      "another class of the table": () => ({
        variables: { "call.enter": { class_index: once((truth) => (truth === 0n ? 1n : 0n)) } },
      }),
      "another entry point": () => ({
        variables: { "call.enter": { entry_point_index: once((t) => (t === 0n ? 1n : 0n)) } },
      }),
      "an entry point beyond the class's": () => ({
        variables: { "call.enter": { entry_point_index: once(plus(1000n)) } },
      }),
      "other builtins": () => ({
        variables: { "call.enter": { set_index: once((t) => (t === 0n ? 1n : 0n)) } },
      }),
      "no entry point where there is one": () => ({
        variables: { "call.enter": { outcome: once(always(1n)) } },
      }),
      "no gas where there is some": () => ({
        variables: { "call.enter": { outcome: once(always(2n)) } },
      }),
      "no constructor where there is one": () => ({
        variables: { "call.enter": { outcome: once(always(3n)) } },
      }),
      "instances of a builtin that were not used": () => ({
        cells: { "builtins.instances": once(plus(1n)) },
      }),
      "another value in the state log": () => ({ guesses: { "log.read": once(plus(1n)) } }),
      "another value before a storage write": () => ({
        cells: { "syscall.storage_write": once(plus(1n)) },
      }),
      "a syscall that the gas does not suffice for": () => ({
        guesses: { "syscall.gas_suffices": once(flip) },
      }),
      "a segment that ran as skipped": () => ({
        guesses: { "class.segment_skipped": once(flip, firstRun()) },
      }),
      "a chain that ends early": () => ({ guesses: { "commit.is_last": firstOf(0n, 1n) } }),
      "a chain that goes on": () => ({
        guesses: { "commit.is_last": firstOf(1n, 0n) },
      }),
      "a chain that starts later": () => ({
        cells: { "commit.first_access": once(plus(1n)) },
      }),
      "a chain that starts before the log": () => ({
        cells: { "commit.first_access": once(always(P - 1n)) },
      }),
      "a chain that goes backwards": () => ({
        cells: { "commit.next_access": once(always(P - 2n)) },
      }),
      "a chain that stays where it is": () => ({
        cells: { "commit.next_access": once(always(P - 1n)) },
      }),
      "a chain that leaves an access out": () => ({
        cells: { "commit.next_access": once(plus(1n)) },
      }),
      "another root where nothing changed": () => ({
        variables: { "commit.contract": { storage_root: plus(1n) } },
      }),
      "another nonce where it was not accessed": () => ({
        variables: { "commit.contract": { nonce: plus(1n) } },
      }),
      "another class where it was not accessed": () => ({
        variables: { "commit.contract": { class_hash: plus(1n) } },
      }),
      "a contract left out": () => ({
        variables: { "commit.enter": { n_contracts: plus(-1n) } },
      }),
      "a class left out": () => ({ variables: { "commit.enter": { n_classes: plus(-1n) } } }),
      "a storage key left out": () => ({
        variables: { "commit.contract": { n_keys: (t) => (t === 0n ? t : (t as bigint) - 1n) } },
      }),
      "accesses of a nonce left out": () => ({
        variables: { "commit.contract": { has_nonce: always(0n) } },
      }),
      "accesses of a class left out": () => ({
        variables: { "commit.contract": { has_class: always(0n) } },
      }),
      "another key": () => ({ variables: { "commit.storage_key": { key: once(plus(1n)) } } }),
      "many updates as few": () => ({ guesses: { "commit.is_small": once(flip) } }),
      "another sibling in a trie": () => ({
        variables: { "trie.node": { sibling: (t) => (t === 0n ? t : (t as bigint) + 1n) } },
      }),
      "the other side of a fork": () => ({
        variables: { "trie.node": { kind: (t) => (t === 0n ? 1n : t === 1n ? 0n : t) } },
      }),
      "a fork as an edge to a leaf": () => ({ variables: { "trie.node": { kind: always(3n) } } }),
      "fewer shared bits": () => ({
        variables: {
          "trie.subtree": { count: (t) => (t === 0n ? t : (t as bigint) - 1n) },
        },
      }),
      "other shared bits": () => ({
        variables: { "trie.subtree": { bits: (t) => (t === 0n ? t : (t as bigint) + 1n) } },
      }),
      "bits that are too many for their edge": () => ({
        variables: { "trie.subtree": { bits: (t) => (t === 0n ? t : (t as bigint) + 2n ** 251n) } },
      }),
      "a short path for a long one": () => ({ guesses: { "trie.long_path": always(0n) } }),
      "a long path for a short one": () => ({ guesses: { "trie.long_path": always(1n) } }),
      "a leaf above the leaves": () => ({
        variables: { "trie.subtree": { kind: (t) => (t === 4n ? 3n : t) } },
      }),
      "fewer blocks of keccak's input": () => ({
        cells: { "syscall.keccak_blocks": once(plus(-1n)) },
      }),
      "a larger remainder of an address": () => ({
        variables: { "address.quotient": { quotient: flip } },
      }),
      "the larger of two amounts": () => ({ guesses: { "minimum.is_first": flip } }),
      "a fee beyond the bounds": () => ({
        variables: { "tx.fee": { fee: plus(10n ** 27n) } },
      }),
      "a negative fee": () => ({ variables: { "tx.fee": { fee: always(P - 1n) } } }),
      "a rough block number that is not": () => ({
        cells: { "block.round_down": once(plus(-1n)) },
      }),
      "a young block": () => ({ guesses: { "block.is_young": flip } }),
      "more words than there are": () => ({ guesses: { "poseidon.chunk": firstOf(0n, 1n) } }),
    };
    for (const [name, lies] of Object.entries(cases)) {
      it(`catches ${name}`, () => {
        caught(lies());
      });
    }
  });

  /** Which segment, of all that the hashes ask for, is the first that ran. */
  const firstRun = (): number => {
    const { segments } = input.classes[0]!;
    return segments.findIndex((segment) => input.classes[0]!.isUsed(segment));
  };

  describe("sequencers", () => {
    /** The input with another first transaction. */
    const withFirst = (change: (first: OsTransaction) => OsTransaction): OsInput => {
      const [block] = input.blocks;
      const [first, ...others] = block!.transactions;
      return { ...input, blocks: [{ ...block!, transactions: [change(first!), ...others] }] };
    };
    const invoke = (change: Partial<InvokeTransaction>): OsInput =>
      withFirst((first) => ({
        ...first,
        transaction: { ...(first.transaction as InvokeTransaction), ...change },
      }));
    /** The input with other answers to syscalls of the first transaction. */
    const withAnswers = (change: (answer: SyscallAnswer, call: ExecutedCall) => SyscallAnswer) =>
      withFirst((first) => ({
        ...first,
        calls: first.calls.map((call) => ({
          ...call,
          record: {
            ...call.record!,
            answers: call.record!.answers.map((answer) => change(answer, call)),
          },
        })),
      }));
    const refused = (changed: OsInput): void => {
      expectCaught(changed, previousRoot);
    };

    it("cannot change what was signed", () => {
      const [first] = input.blocks[0]!.transactions;
      const { calldata, resourceBounds, tip } = first!.transaction as InvokeTransaction;
      const { l1Gas } = resourceBounds;
      refused(invoke({ calldata: calldata.with(5, 6n) }));
      refused(invoke({ tip: tip + 1n }));
      refused(
        invoke({
          resourceBounds: {
            ...resourceBounds,
            l1Gas: { ...l1Gas, maxAmount: l1Gas.maxAmount + 1n },
          },
        }),
      );
      refused(
        invoke({
          resourceBounds: {
            ...resourceBounds,
            // The same packed word: one unit more, 2^128 less of the price.
            l1Gas: {
              maxAmount: l1Gas.maxAmount + 1n,
              maxPricePerUnit: l1Gas.maxPricePerUnit - (1n << 128n) + P,
            },
          },
        }),
      );
    });

    it("cannot use another nonce, or a transaction twice", () => {
      refused(invoke({ nonce: 7n }));
      const [block] = input.blocks;
      const [first, ...others] = block!.transactions;
      refused({ ...input, blocks: [{ ...block!, transactions: [first!, first!, ...others] }] });
    });

    it("cannot invent a balance", () => {
      const key = balanceKey(chain.account.address);
      refused({
        ...input,
        state: {
          ...input.state,
          reader: {
            ...input.state.reader,
            storageAt: (address, at) =>
              address === STRK_TOKEN && at === key
                ? 10n ** 30n
                : input.state.reader.storageAt(address, at),
          },
        },
      });
      refused(
        withAnswers((answer) =>
          answer.syscall === "StorageRead" && answer.words[0]! > 10n ** 18n
            ? { ...answer, words: [answer.words[0]! + 1n] }
            : answer,
        ),
      );
    });

    it("cannot answer syscalls with more gas", () => {
      refused(withAnswers((answer) => ({ ...answer, gas: answer.gas + 1n })));
    });

    it("cannot answer for an inner call", () => {
      refused(
        withAnswers((answer) =>
          answer.made === "call" && answer.array !== undefined
            ? { ...answer, array: answer.array.map((word) => word + 1n) }
            : answer,
        ),
      );
    });

    it("cannot say that a call succeeded which failed", () => {
      refused(
        withAnswers((answer) =>
          answer.made === "call" && answer.failed ? { ...answer, failed: false } : answer,
        ),
      );
    });

    it("cannot skip the fee: the root is another", () => {
      // A fee below the bounds is the sequencer's to name; but the state shows whether it was paid.
      const [block] = input.blocks;
      const last = block!.transactions.at(-1)!;
      const skipped = { ...last, fee: 0n, calls: last.calls.slice(0, -1) };
      const transactions = block!.transactions.with(-1, skipped);
      const { words } = runOs({ ...input, blocks: [{ ...block!, transactions }] });
      expect(words[0]).to.equal(previousRoot);
      expect(words[1]).to.not.equal(runOs(input).words[1]);
    });

    it("cannot choose a hash", () => {
      refused(
        withAnswers((answer) =>
          answer.syscall === "Keccak"
            ? { ...answer, words: [answer.words[0]! + 1n, answer.words[1]!] }
            : answer,
        ),
      );
    });

    it("cannot run other code", () => {
      const [first, ...others] = input.classes;
      const used = first!.segments.find((segment) => first!.isUsed(segment))!;
      // The last word of a function that ran: a `ret` that becomes another instruction's word.
      const at = used.offset + used.length - 1;
      const casm = {
        ...first!.casm,
        bytecode: first!.casm.bytecode.with(at, first!.casm.bytecode[at]! + 1n),
      };
      const { classHash, compiledClassHash, segments } = first!;
      const forged = new OsClass(casm, classHash, compiledClassHash, () => segments);
      forged.visit(first!.visited);
      refused({ ...input, classes: [forged, ...others] });
    });
  });
});
