/** The admin methods of a devnet: what no transaction could do. Each is made between two transactions. */
import type { Felt } from "../field/felt.ts";
import { selector } from "../hash/keccak.ts";
import {
  ControlError,
  type DevnetControl,
  type GasPriceChanges,
  type TokenUnit,
} from "../rpc/control.ts";
import type { StateBlock } from "../rpc/execution-service.ts";
import { GatewayError } from "../sequencer/gateway.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import type { GasPrices } from "../starknet/block.ts";
import { callContract } from "../starknet/execution/call.ts";
import type { InvokeTransaction } from "../starknet/transaction.ts";
import { toHex } from "../util/hex.ts";
import type { DevnetCore } from "./core.ts";
import { ETH_TOKEN, STRK_TOKEN } from "../starknet/addresses.ts";
import { minterAccount } from "./genesis/genesis.ts";
import { answered } from "./l1-control.ts";
import type { L1Side } from "./l1.ts";
import { LayeredSnapshots } from "./layered-snapshots.ts";
import { configOf, statusOf } from "./report.ts";
import { signedInvoke } from "./signed-invoke.ts";
import { Snapshots } from "./snapshots.ts";
import { applyDiff, compileSupplied } from "./supplied-state.ts";

const TOKENS: Readonly<Record<TokenUnit, Felt>> = { FRI: STRK_TOKEN, WEI: ETH_TOKEN };

export function createControl(core: DevnetCore, l1?: L1Side): DevnetControl {
  const { sequencer } = core;
  const { chain } = sequencer;
  const snapshots = new Snapshots(core);
  const layered = l1 && layeredSnapshots(l1, snapshots, sequencer);
  snapshots.subscribe({ taken: () => undefined, reverted: () => l1?.control.forgetLost() });
  /** While neither layer changes otherwise. */
  const exclusively = <T>(change: () => T): Promise<T> =>
    l1 === undefined
      ? sequencer.exclusively(change)
      : l1.layer.exclusively(() => sequencer.exclusively(change));
  const minter = minterAccount();

  const balanceOf = (address: Felt, unit: TokenUnit, block: StateBlock): bigint => {
    const open = sequencer.openBlock();
    const context = block === "preConfirmed" ? open.context : chain.header(block)!;
    const state = block === "preConfirmed" ? open.state : chain.stateAt(block);
    const [low, high] = callContract(core.environment, context, state, {
      contractAddress: TOKENS[unit],
      entryPointSelector: selector("balance_of"),
      calldata: [address],
    });
    return low! + (high! << 128n);
  };

  /** The invoke of the minter that mints. */
  const mintTransaction = (address: Felt, amount: bigint, unit: TokenUnit): InvokeTransaction =>
    signedInvoke(core, minter, {
      to: TOKENS[unit],
      selector: selector("permissioned_mint"),
      calldata: [address, amount & ((1n << 128n) - 1n), amount >> 128n],
    });

  const mintsInOrder = serially();

  return {
    mint: (address, amount, unit) =>
      mintsInOrder(async () => {
        const transaction = await sequencer.exclusively(() =>
          mintTransaction(address, amount, unit),
        );
        try {
          await sequencer.submit({ transaction });
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          throw new ControlError("MINTING_REVERTED", error.message, transaction.hash);
        }
        const reason = receiptOf(core, transaction.hash)?.revertReason;
        if (reason !== undefined)
          throw new ControlError("MINTING_REVERTED", reason, transaction.hash);
        return {
          newBalance: balanceOf(address, unit, "preConfirmed"),
          transactionHash: transaction.hash,
        };
      }),

    balance: async (address, unit, block) => balanceOf(address, unit, block),
    predeployedAccounts: () => core.accounts,
    createBlock: () => sequencer.exclusively(() => sequencer.closeBlock().header.hash),

    abortBlocks: (first) =>
      exclusively(() => {
        if (first === 0)
          throw new ControlError("UNSUPPORTED", "the genesis block cannot be aborted");
        // It was there when the request came, and others had their turn since.
        if (first !== "preConfirmed" && first > chain.latest().number)
          throw new ControlError("BLOCK_NOT_FOUND", `block ${first} is gone`);
        if (first !== "preConfirmed" && first <= (chain.latestOnL1() ?? 0))
          throw new ControlError("UNSUPPORTED", `block ${first} is accepted on L1: it stays`);
        if (first === "preConfirmed") sequencer.closeBlock();
        const from = first === "preConfirmed" ? chain.latest().number : first;
        const removed = sequencer.goBackTo(from - 1);
        snapshots.forgetAfter(from - 1);
        return removed.map(({ header }) => header.hash).reverse();
      }),

    setTime: (seconds, generateBlock) =>
      sequencer.exclusively(() => {
        core.clock.set(seconds);
        return generateBlock ? closeAtPresent(core) : undefined;
      }),

    increaseTime: (seconds) =>
      sequencer.exclusively(() => {
        core.clock.increase(seconds);
        return closeAtPresent(core);
      }),

    setGasPrices: (changes, generateBlock) =>
      sequencer.exclusively(() => {
        sequencer.gasPrices = changed(sequencer.gasPrices, changes);
        if (generateBlock) closeAtPresent(core);
        return sequencer.gasPrices;
      }),

    impersonateAccount: async (address) => {
      if (core.accounts.some((account) => account.address === address)) {
        throw new ControlError(
          "UNSUPPORTED",
          `${toHex(address)} is a predeployed account: its key is known, sign with it`,
        );
      }
      if (sequencer.openBlock().state.classHashAt(address) === 0n) {
        throw new ControlError("CONTRACT_NOT_FOUND", `no contract at ${toHex(address)}`);
      }
      core.impersonated.add(address);
    },
    stopImpersonateAccount: async (address) => void core.impersonated.delete(address),
    autoImpersonate: async (on) => {
      core.autoImpersonate = on;
    },

    applyStateDiff: async (diff, classes) => {
      const prepared = await Promise.all(
        classes.map((supplied) => compileSupplied(core, supplied)),
      );
      return sequencer.exclusively(() => {
        applyDiff(core, diff, prepared);
        return prepared.map(({ classHash, compiledClassHash: compiled }) => ({
          classHash,
          compiledClassHash: compiled,
        }));
      });
    },

    snapshot: () =>
      layered === undefined
        ? sequencer.exclusively(() => snapshots.take())
        : answered(() => layered.take()),
    revert: (id) =>
      layered === undefined
        ? sequencer.exclusively(() => snapshots.revert(id))
        : answered(() => layered.revert(id)),
    subscribeToSnapshots: (listener) => snapshots.subscribe(listener),
    async restart(redeployOnL1) {
      const restartL2 = (): Promise<void> =>
        sequencer.exclusively(() => {
          core.restart();
          snapshots.clear();
          layered?.clear();
          l1?.control.forgetLost();
        });
      if (l1 === undefined) return restartL2();
      await answered(() => l1.layer.restart(redeployOnL1, restartL2));
    },
    config: () => configOf(core),
    status: () => statusOf(core),
  };
}

/** Snapshots of both layers; an L1 of this process tells of those that others take. */
function layeredSnapshots(
  { layer, access }: L1Side,
  snapshots: Snapshots,
  sequencer: Sequencer,
): LayeredSnapshots {
  const intercepted = access.intercept !== undefined;
  const layered = new LayeredSnapshots({ snapshots, sequencer, layer, intercepted });
  access.intercept?.((request, next) => layered.aroundRequest(request, next));
  return layered;
}

/** Runs asynchronous work one after the other: a mint's nonce is known when the one before is done. */
function serially(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

function receiptOf({ sequencer: { chain } }: DevnetCore, hash: Felt) {
  const location = chain.locate(hash);
  if (location === undefined) return undefined;
  const { receipts } =
    location.kind === "block" ? chain.block(location.number)! : chain.preConfirmed();
  return receipts[location.index];
}

/** Closes a block of the clock's present time. A block that was open before keeps its own and comes first. */
function closeAtPresent({ sequencer }: DevnetCore): Felt {
  if (!sequencer.openBlock().isEmpty) sequencer.closeBlock();
  return sequencer.closeBlock().header.hash;
}

function changed(prices: GasPrices, changes: GasPriceChanges): GasPrices {
  return {
    l1Gas: { wei: changes.l1GasWei ?? prices.l1Gas.wei, fri: changes.l1GasFri ?? prices.l1Gas.fri },
    l1DataGas: {
      wei: changes.l1DataGasWei ?? prices.l1DataGas.wei,
      fri: changes.l1DataGasFri ?? prices.l1DataGas.fri,
    },
    l2Gas: { wei: changes.l2GasWei ?? prices.l2Gas.wei, fri: changes.l2GasFri ?? prices.l2Gas.fri },
  };
}
