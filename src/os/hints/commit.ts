/** Hints of the state's commitment (contracts/cairo/os/commit.cairo, trie.cairo). */
import { type Cairo0Hint, code, type HintLibrary } from "../../cairo/hints/cairo0/index.ts";
import type { HintContext } from "../../cairo/hints/context.ts";
import { SEGMENT_KIND } from "../../cairo/machine/layout.ts";
import type { MachineMemory } from "../../cairo/machine/memory.ts";
import { type Relocatable, shift } from "../../cairo/relocatable.ts";
import type { Felt } from "../../field/felt.ts";
import { classLeafHash, contractLeafHashes, type ContractLeaf } from "../../state/commitment.ts";
import { PEDERSEN_TRIE, POSEIDON_TRIE } from "../../state/trie/node.ts";
import { ACCESS_SIZE, type Chain, StateLog } from "../state-log.ts";
import { planTrie, type Subtree, type TrieLeaf } from "../trie-plan.ts";
import { bit, guess, guessCode } from "./guess.ts";
import { CLASS_HASHES, CLASSES, NONCES } from "./keys.ts";
import { type OsSession, Queue, sessionOf } from "./session.ts";

/** A contract whose values were accessed. */
interface ContractPart {
  readonly address: Felt;
  readonly before: ContractLeaf;
  readonly after: ContractLeaf;
  readonly storage: readonly (readonly [Felt, Chain])[];
}

const leavesOf = (chains: readonly (readonly [Felt, Chain])[]): TrieLeaf[] =>
  chains.map(([key, { before, after }]) => ({ key, before, after }));

/** Contracts of which anything was accessed, in ascending order. */
function contractsOf(log: StateLog): Felt[] {
  const own = new Set([CLASSES, CLASS_HASHES, NONCES]);
  const addresses = new Set([
    ...log.addresses().filter((address) => !own.has(address)),
    ...[CLASS_HASHES, NONCES].flatMap((values) => log.chains(values).map(([address]) => address)),
  ]);
  return [...addresses].sort((a, b) => (a < b ? -1 : 1));
}

function contractPart(session: OsSession, log: StateLog, address: Felt): ContractPart {
  const { state } = session.input;
  const before = state.contract(address);
  const storage = log.chains(address);
  const plan =
    storage.length === 0
      ? undefined
      : planTrie(PEDERSEN_TRIE, state.nodes, before.storageRoot, leavesOf(storage));
  const last = (values: Felt, value: Felt): Felt =>
    log.has(values, address) ? log.chain(values, address).after : value;
  const after = {
    classHash: last(CLASS_HASHES, before.classHash),
    storageRoot: plan?.after ?? before.storageRoot,
    nonce: last(NONCES, before.nonce),
  };
  return { address, before, after, storage };
}

/** What the commitment goes through, made when it starts. */
class Commitment {
  readonly log: StateLog;
  readonly contracts: readonly ContractPart[];
  readonly classes: readonly (readonly [Felt, Chain])[];
  readonly nextContract: Queue<ContractPart>;
  readonly nextClass: Queue<readonly [Felt, Chain]>;
  nextKey = new Queue<readonly [Felt, Chain]>("storage keys", []);
  /** Places in the log that are left of the chain that is followed. */
  places: number[] = [];

  constructor(session: OsSession, log: StateLog) {
    this.log = log;
    this.contracts = contractsOf(log).map((address) => contractPart(session, log, address));
    this.classes = log.chains(CLASSES);
    this.nextContract = new Queue("contracts", this.contracts);
    this.nextClass = new Queue("classes", this.classes);
  }
}

const commitments = new WeakMap<OsSession, Commitment>();

const commitmentOf = (context: HintContext): Commitment => commitments.get(sessionOf(context))!;

const enter: Cairo0Hint = (ids) => {
  const start = ids.pointer("log_start");
  const end = ids.pointer("log_end");
  const contracts = ids.writer("n_contracts");
  const classes = ids.writer("n_classes");
  const contractsRoot = ids.writer("old_contracts");
  const classesRoot = ids.writer("old_classes");
  return (context) => {
    const session = sessionOf(context);
    const log = new StateLog(context.memory, start(context), end(context));
    const commitment = new Commitment(session, log);
    commitments.set(session, commitment);
    contracts(context, BigInt(commitment.contracts.length));
    classes(context, BigInt(commitment.classes.length));
    contractsRoot(context, session.input.state.contractsRoot);
    classesRoot(context, session.input.state.classesRoot);
  };
};

const contract: Cairo0Hint = (ids) => {
  const words = [
    "address",
    "n_keys",
    "has_class",
    "has_nonce",
    "class_hash",
    "nonce",
    "storage_root",
  ].map((name) => ids.writer(name));
  return (context) => {
    const commitment = commitmentOf(context);
    const part = commitment.nextContract.take();
    commitment.nextKey = new Queue("storage keys", part.storage);
    const { address, before, storage } = part;
    const values = [
      address,
      BigInt(storage.length),
      bit(commitment.log.has(CLASS_HASHES, address)),
      bit(commitment.log.has(NONCES, address)),
      before.classHash,
      before.nonce,
      before.storageRoot,
    ];
    words.forEach((write, i) => {
      write(context, values[i]!);
    });
    // The storage's trie is walked once its leaves are settled.
    const session = sessionOf(context);
    const { nodes } = session.input.state;
    session.steps = new Queue(
      "trie nodes",
      storage.length === 0
        ? []
        : planTrie(PEDERSEN_TRIE, nodes, before.storageRoot, leavesOf(storage)).steps,
    );
  };
};

/** Plans the walk through the trie of contracts or of classes. */
function walkContracts(session: OsSession, { contracts }: Commitment): void {
  const before = contractLeafHashes(contracts.map((part) => part.before));
  const after = contractLeafHashes(contracts.map((part) => part.after));
  const leaves = contracts.map(({ address }, i) => ({
    key: address,
    before: before[i]!,
    after: after[i]!,
  }));
  const { nodes, contractsRoot } = session.input.state;
  if (leaves.length > 0)
    session.steps = new Queue(
      "trie nodes",
      planTrie(PEDERSEN_TRIE, nodes, contractsRoot, leaves).steps,
    );
}

function walkClasses(session: OsSession, { classes }: Commitment): void {
  const leaves = classes.map(([key, { before, after }]) => ({
    key,
    before: classLeafHash(before),
    after: classLeafHash(after),
  }));
  const { nodes, classesRoot } = session.input.state;
  if (leaves.length > 0)
    session.steps = new Queue(
      "trie nodes",
      planTrie(POSEIDON_TRIE, nodes, classesRoot, leaves).steps,
    );
}

const contractsWalk: Cairo0Hint = () => (context) => {
  walkContracts(sessionOf(context), commitmentOf(context));
};

const classHashes = guess(() => (context, session) => {
  walkClasses(session, commitmentOf(context));
  const start = (context.memory as MachineMemory).addSegment(SEGMENT_KIND.deduced);
  session.classHashes = { memory: context.memory, segment: start.segment };
  return start;
});

const storageKey: Cairo0Hint = (ids) => {
  const key = ids.writer("key");
  return (context) => {
    key(context, commitmentOf(context).nextKey.take()[0]);
  };
};

const nextClass: Cairo0Hint = (ids) => {
  const classHash = ids.writer("class_hash");
  return (context) => {
    classHash(context, commitmentOf(context).nextClass.take()[0]);
  };
};

const firstAccess: Cairo0Hint = (ids) => {
  const address = ids.felt("address");
  const key = ids.felt("key");
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    const commitment = commitmentOf(context);
    const { log } = commitment;
    const chain = log.has(address(context), key(context))
      ? log.chain(address(context), key(context)).indices
      : [0];
    commitment.places = [...chain];
    context.memory.set(at(context), BigInt(chain[0]!));
  };
};

const isLast = guess(() => (context) => bit(commitmentOf(context).places.length === 1));

const nextAccess: Cairo0Hint = (ids) => {
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    const { places } = commitmentOf(context);
    const [from = 0, to = from + 1] = places;
    places.shift();
    context.memory.set(at(context), BigInt(to - from - 1));
  };
};

/** Accesses in the log behind the last one of a chain. */
const afterLast: Cairo0Hint = (ids) => {
  const at = ids.pointer("range_check_ptr");
  const log = ids.pointer("log");
  const last = ids.pointer("last");
  return (context) => {
    const end = context.memory.pointer(shift(log(context), 1));
    const rest = end.offset - last(context).offset - ACCESS_SIZE;
    context.memory.set(at(context), BigInt(rest / ACCESS_SIZE));
  };
};

const isSmall = guess((ids) => {
  const updates = ids.felt("n_updates");
  return (context) => bit(updates(context) < 256n);
});

const node: Cairo0Hint = (ids) => {
  const kind = ids.writer("kind");
  const sibling = ids.writer("sibling");
  return (context) => {
    const step = sessionOf(context).steps.take();
    kind(context, step.kind);
    sibling(context, step.sibling);
  };
};

const writeSubtree = (context: HintContext, at: Relocatable, tree: Subtree): void => {
  context.memory.write(at, [BigInt(tree.length), tree.path, tree.bottom]);
};

const subtree: Cairo0Hint = (ids) => {
  const kind = ids.writer("kind");
  const count = ids.writer("count");
  const bits = ids.writer("bits");
  const other = ids.pointer("other");
  return (context) => {
    const session = sessionOf(context);
    const step = session.steps.take();
    kind(context, step.kind);
    count(context, BigInt(step.count));
    bits(context, step.bits);
    writeSubtree(context, other(context), step.other);
  };
};

const forkSide = (side: 0 | 1) =>
  guess((ids) => {
    const bottom = ids.felt("other.bottom");
    return (context, session) => {
      const found = session.input.state.nodes.node(bottom(context));
      if (found.kind !== "binary") return 0n;
      return side === 0 ? found.left : found.right;
    };
  });

const longPath = guess((ids) => {
  const count = ids.felt("count");
  return (context) => bit(count(context) > 128n);
});

export const commitHints: HintLibrary = new Map([
  [code`commit.enter`, enter],
  [code`commit.contract`, contract],
  [code`commit.contracts_walk`, contractsWalk],
  [guessCode("commit.class_hashes"), classHashes],
  [code`commit.storage_key`, storageKey],
  [code`commit.class`, nextClass],
  [code`commit.first_access`, firstAccess],
  [guessCode("commit.is_last"), isLast],
  [code`commit.next_access`, nextAccess],
  [code`commit.after_last`, afterLast],
  [guessCode("commit.is_small"), isSmall],
  [code`trie.node`, node],
  [code`trie.subtree`, subtree],
  [guessCode("trie.left_of_fork"), forkSide(0)],
  [guessCode("trie.right_of_fork"), forkSide(1)],
  [guessCode("trie.long_path"), longPath],
]);
