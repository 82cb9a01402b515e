/**
 * Cairo 0 hints of Patricia updates, the same for Pedersen and Poseidon trees (cairo-lang,
 * starkware/cairo/common/{patricia,patricia_with_sponge}.cairo). The preimages are the scope's variable
 * `preimage`, set before the update; `__patricia_skip_validation_runner`, which only speeds up the Python VM, is
 * ignored.
 */
import { type Felt, sub } from "../../../field/felt.ts";
import { shift } from "../../relocatable.ts";
import type { HintContext } from "../context.ts";
import { hintError } from "../errors.ts";
import { toCount } from "../numbers.ts";
import type { Reader } from "../operands.ts";
import type { Ids } from "./ids.ts";
import { type Cairo0Hint, code, flag, type HintLibrary, nondet } from "./library.ts";
import {
  buildUpdateTree,
  type Descent,
  type Descents,
  guessDescents,
  type Preimage,
  type UpdateTree,
} from "./patricia-tree.ts";
import { enterScope, ScopeVariable } from "./variables.ts";

export const patriciaPreimage = new ScopeVariable<Preimage>("preimage");
const descentMap = new ScopeVariable<Descents>("descent_map");
const node = new ScopeVariable<UpdateTree>("node");
const currentDescent = new ScopeVariable<Descent>("descend");
const decodedNode = new ScopeVariable<DecodedNode>("case");

interface DecodedNode {
  readonly left: UpdateTree | undefined;
  readonly right: UpdateTree | undefined;
  readonly which: "left" | "right" | "both";
}

const MAX_HEIGHT = 251n;

function binary(preimage: Preimage, hash: Felt): readonly [Felt, Felt] {
  const parts = preimage.get(hash);
  if (parts?.length !== 2) throw hintError(`patricia: ${hash} is no known binary node`);
  return parts as readonly [Felt, Felt];
}

function edge(preimage: Preimage, hash: Felt): readonly [length: Felt, path: Felt, bottom: Felt] {
  const parts = preimage.get(hash);
  if (parts?.length !== 3) throw hintError(`patricia: ${hash} is no known edge`);
  return parts as readonly [Felt, Felt, Felt];
}

/** Finds which children of the current node have updates, and remembers it for the hints after. */
function decode(context: HintContext): DecodedNode {
  const [left, right] = node.get(context).children();
  const which = left === undefined ? "right" : right === undefined ? "left" : "both";
  const decoded = { left, right, which } as const;
  decodedNode.set(context, decoded);
  return decoded;
}

/** Opens a scope for the traversal of `tree`, with the variables that all of them share. */
function traverse(context: HintContext, tree: UpdateTree | undefined): void {
  if (tree === undefined) throw hintError("patricia: the subtree has no update");
  enterScope(
    context,
    node.with(tree),
    patriciaPreimage.with(patriciaPreimage.get(context)),
    descentMap.with(descentMap.get(context)),
  );
}

const startUpdate: Cairo0Hint = (ids) => {
  const [key, size] = [Number(ids.constant("DictAccess.key")), ids.constant("DictAccess.SIZE")];
  const updates = ids.pointer("update_ptr");
  const updateCount = ids.felt("n_updates");
  const treeHeight = ids.felt("height");
  const previousRoot = ids.felt("prev_root");
  const newRoot = ids.felt("new_root");
  return (context) => {
    const height = treeHeight(context);
    if (height > MAX_HEIGHT) throw hintError(`patricia: the height ${height} is too large`);
    const keys: Felt[] = [];
    const count = toCount(updateCount(context), "n_updates");
    for (let i = 0; i < count; i++)
      keys.push(context.memory.felt(shift(updates(context), Number(size) * i + key)));
    const tree = buildUpdateTree(Number(height), keys);
    node.set(context, tree);
    descentMap.set(
      context,
      guessDescents(
        Number(height),
        tree,
        patriciaPreimage.get(context),
        previousRoot(context),
        newRoot(context),
      ),
    );
  };
};

const openEdge: Cairo0Hint = (ids) => {
  const hash = ids.felt("node");
  const target = ids.writer("edge");
  const cells = [ids.writer("edge.length"), ids.writer("edge.path"), ids.writer("edge.bottom")];
  const result = ids.writer("hash_ptr.result");
  return (context) => {
    const parts = edge(patriciaPreimage.get(context), hash(context));
    target(context, context.memory.addSegment());
    cells.forEach((write, i) => {
      write(context, parts[i]!);
    });
    result(context, sub(hash(context), parts[0]));
  };
};

/** Whether only one child has updates. */
const isNotBoth = nondet(() => (context) => flag(decode(context).which !== "both"));

const openBinary: Cairo0Hint = (ids) => {
  const [x, y] = [ids.constant("HashBuiltin.x"), ids.constant("HashBuiltin.y")];
  const hash = ids.felt("node");
  const currentHash = ids.pointer("current_hash");
  return (context) => {
    const { memory } = context;
    const { which } = decode(context);
    const [left, right] = binary(patriciaPreimage.get(context), hash(context));
    memory.set(shift(currentHash(context), Number(x)), left);
    memory.set(shift(currentHash(context), Number(y)), right);
    memory.set(context.ap, flag(which !== "both"));
  };
};

const isBinaryOrLeaf = nondet((ids) => {
  const height = ids.felt("height");
  const hash = ids.felt("node");
  return (context) => {
    if (height(context) === 0n) return 1n;
    const parts = patriciaPreimage.get(context).get(hash(context));
    if (parts === undefined) throw hintError(`patricia: ${hash(context)} is no known node`);
    return flag(parts.length === 2);
  };
});

const isNotLeft = nondet(() => (context) => flag(decodedNode.get(context).which !== "left"));

const assertRight: Cairo0Hint = () => (context) => {
  if (decodedNode.get(context).which !== "right")
    throw hintError("patricia: the update is not on the right");
};

const enterLeft: Cairo0Hint = () => (context) => {
  traverse(context, decodedNode.get(context).left);
};

const enterRight: Cairo0Hint = () => (context) => {
  traverse(context, decodedNode.get(context).right);
};

const enterSingle: Cairo0Hint = (ids) => {
  const childBit = ids.writer("child_bit");
  return (context) => {
    const { left, right, which } = decodedNode.get(context);
    childBit(context, which === "left" ? 0n : 1n);
    traverse(context, which === "left" ? left : right);
  };
};

const edgeBit: Cairo0Hint = (ids) => {
  const path = ids.felt("edge.path");
  const newLength = ids.felt("new_length");
  const bit = ids.writer("bit");
  return (context) => {
    const index = toCount(newLength(context), "new_length");
    bit(context, (path(context) >> BigInt(index)) & 1n);
  };
};

const isOffEdge = nondet((ids) => {
  const bit = ids.felt("bit");
  return (context) => flag((decodedNode.get(context).which === "right") !== (bit(context) === 1n));
});

/** Goes on with the child on the edge's side (`along`), or with the other. */
const enterByBit =
  (along: boolean): Cairo0Hint =>
  (ids) => {
    const bit = ids.felt("bit");
    return (context) => {
      const { left, right } = decodedNode.get(context);
      traverse(context, (bit(context) === 0n) === along ? left : right);
    };
  };

const openBottom: Cairo0Hint = (ids) => {
  const bottom = ids.felt("edge.bottom");
  const x = ids.writer("hash_ptr.x");
  const y = ids.writer("hash_ptr.y");
  return (context) => {
    const [left, right] = binary(patriciaPreimage.get(context), bottom(context));
    x(context, left);
    y(context, right);
  };
};

const hasDescent = nondet((ids) => {
  const height = ids.felt("height");
  const path = ids.felt("path");
  return (context) => {
    const descent = descentMap.get(context).get(height(context), path(context));
    if (descent === undefined) currentDescent.delete(context);
    else currentDescent.set(context, descent);
    return flag(descent !== undefined);
  };
});

const writeDescent =
  (writeLength: (ids: Ids) => (context: HintContext, length: Felt) => void): Cairo0Hint =>
  (ids) => {
    const length = writeLength(ids);
    const word = ids.writer("word");
    return (context) => {
      const descent = currentDescent.get(context);
      length(context, BigInt(descent.length));
      word(context, descent.word);
    };
  };

const siblingWriter = (ids: Ids): ((context: HintContext, length: Felt) => void) => {
  const siblings = ids.pointer("siblings");
  return (context, length) => {
    context.memory.set(siblings(context), length);
  };
};

/** The subtree of updates at the end of a descent. */
function descend(start: UpdateTree | undefined, length: Felt, word: Felt): UpdateTree | undefined {
  let tree = start;
  for (let i = length - 1n; i >= 0n && tree !== undefined; i--)
    tree = tree.children()[((word >> i) & 1n) === 0n ? 0 : 1];
  return tree;
}

const enterDescent: Cairo0Hint = (ids) => {
  const length: Reader<Felt> = ids.felt("length");
  const word = ids.felt("word");
  return (context) => {
    traverse(context, descend(node.get(context), length(context), word(context)));
  };
};

const enterUpdate: Cairo0Hint = () => (context) => {
  traverse(context, node.get(context));
};

export const patriciaHints: HintLibrary = new Map([
  [
    code`
      from starkware.cairo.common.patricia_utils import canonic, patricia_guess_descents
      from starkware.python.merkle_tree import build_update_tree

      # Build modifications list.
      modifications = []
      DictAccess_key = ids.DictAccess.key
      DictAccess_new_value = ids.DictAccess.new_value
      DictAccess_SIZE = ids.DictAccess.SIZE
      for i in range(ids.n_updates):
          curr_update_ptr = ids.update_ptr.address_ + i * DictAccess_SIZE
          modifications.append((
              memory[curr_update_ptr + DictAccess_key],
              memory[curr_update_ptr + DictAccess_new_value]))

      node = build_update_tree(ids.height, modifications)
      descent_map = patricia_guess_descents(
          ids.height, node, preimage, ids.prev_root, ids.new_root)
      del modifications
      __patricia_skip_validation_runner = globals().get(
          '__patricia_skip_validation_runner')

      common_args = dict(
          preimage=preimage, descent_map=descent_map,
          __patricia_skip_validation_runner=__patricia_skip_validation_runner)
      common_args['common_args'] = common_args
    `,
    startUpdate,
  ],
  [code`vm_enter_scope(dict(node=node, **common_args))`, enterUpdate],
  [
    code`
      ids.edge = segments.add()
      ids.edge.length, ids.edge.path, ids.edge.bottom = preimage[ids.node]
      ids.hash_ptr.result = ids.node - ids.edge.length
      if __patricia_skip_validation_runner is not None:
          # Skip validation of the preimage dict to speed up the VM. When this flag is set,
          # mistakes in the preimage dict will be discovered only in the prover.
          __patricia_skip_validation_runner.verified_addresses.add(
              ids.hash_ptr + ids.HashBuiltin.result)
    `,
    openEdge,
  ],
  [
    code`
      from starkware.python.merkle_tree import decode_node
      left_child, right_child, case = decode_node(node)
      memory[ap] = 1 if case != 'both' else 0
    `,
    isNotBoth,
  ],
  [
    code`
      from starkware.python.merkle_tree import decode_node
      left_child, right_child, case = decode_node(node)
      memory[ap] = int(case != 'both')
    `,
    isNotBoth,
  ],
  [
    code`
      from starkware.python.merkle_tree import decode_node
      left_child, right_child, case = decode_node(node)
      left_hash, right_hash = preimage[ids.node]

      # Fill non deterministic hashes.
      hash_ptr = ids.current_hash.address_
      memory[hash_ptr + ids.HashBuiltin.x] = left_hash
      memory[hash_ptr + ids.HashBuiltin.y] = right_hash

      if __patricia_skip_validation_runner:
          # Skip validation of the preimage dict to speed up the VM. When this flag is set,
          # mistakes in the preimage dict will be discovered only in the prover.
          __patricia_skip_validation_runner.verified_addresses.add(
              hash_ptr + ids.HashBuiltin.result)

      memory[ap] = int(case != 'both')
    `,
    openBinary,
  ],
  [code`memory[ap] = 1 if ids.height == 0 or len(preimage[ids.node]) == 2 else 0`, isBinaryOrLeaf],
  [code`memory[ap] = int(case != 'left')`, isNotLeft],
  [code`assert case == 'right'`, assertRight],
  [code`vm_enter_scope(dict(node=left_child, **common_args))`, enterLeft],
  [code`vm_enter_scope(dict(node=right_child, **common_args))`, enterRight],
  [
    code`
      ids.child_bit = 0 if case == 'left' else 1
      new_node = left_child if case == 'left' else right_child
      vm_enter_scope(dict(node=new_node, **common_args))
    `,
    enterSingle,
  ],
  [code`ids.bit = (ids.edge.path >> ids.new_length) & 1`, edgeBit],
  [code`memory[ap] = int(case == 'right') ^ ids.bit`, isOffEdge],
  [
    code`
      new_node = left_child if ids.bit == 0 else right_child
      vm_enter_scope(dict(node=new_node, **common_args))
    `,
    enterByBit(true),
  ],
  [
    code`
      new_node = left_child if ids.bit == 1 else right_child
      vm_enter_scope(dict(node=new_node, **common_args))
    `,
    enterByBit(false),
  ],
  [
    code`
      ids.hash_ptr.x, ids.hash_ptr.y = preimage[ids.edge.bottom]
      if __patricia_skip_validation_runner:
          # Skip validation of the preimage dict to speed up the VM. When this flag is
          # set, mistakes in the preimage dict will be discovered only in the prover.
          __patricia_skip_validation_runner.verified_addresses.add(
              ids.hash_ptr + ids.HashBuiltin.result)
    `,
    openBottom,
  ],
  [
    code`
      descend = descent_map.get((ids.height, ids.path))
      memory[ap] = 0 if descend is None else 1
    `,
    hasDescent,
  ],
  [code`memory[ids.siblings], ids.word = descend`, writeDescent(siblingWriter)],
  [code`ids.length, ids.word = descend`, writeDescent((ids) => ids.writer("length"))],
  [
    code`
      new_node = node
      for i in range(ids.length - 1, -1, -1):
          new_node = new_node[(ids.word >> i) & 1]
      vm_enter_scope(dict(node=new_node, **common_args))
    `,
    enterDescent,
  ],
]);
