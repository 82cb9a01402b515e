/** A chain of its own with an account that transfers STRK: the devnet's, or OpenZeppelin's. */
import { DevnetCore } from "../../src/devnet/core.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { signedInvoke, type TokenCall } from "../../src/devnet/signed-invoke.ts";
import type { Felt } from "../../src/field/felt.ts";
import { selector } from "../../src/hash/keccak.ts";
import type { PredeployedAccount } from "../../src/rpc/control.ts";
import { STRK_TOKEN, UDC } from "../../src/starknet/addresses.ts";
import type { Block } from "../../src/starknet/block.ts";
import { parseCasmClass } from "../../src/starknet/class/casm.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { contractAddress } from "../../src/starknet/class/contract-address.ts";
import { parseSierraClass } from "../../src/starknet/class/sierra.ts";
import { emptyDiff } from "../../src/state/diff.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";

export const ACCOUNTS = ["our", "OpenZeppelin's"] as const;
export type AccountKind = (typeof ACCOUNTS)[number];

type Account = Pick<PredeployedAccount, "address" | "privateKey">;

/** Enough for the fees of some ten thousand transfers. */
const FUNDS = 10n ** 20n;
/** Blocks from the tenth on store an older block's hash. */
const BLOCKS_BEFORE = 12;

export class TransferChain {
  readonly core: DevnetCore;
  readonly #account: Account;

  private constructor(core: DevnetCore, account: Account) {
    this.core = core;
    this.#account = account;
  }

  static async create(kind: AccountKind): Promise<TransferChain> {
    const { options } = readOptions({ accounts: 1, blockGenerationOn: "demand" });
    const core = new DevnetCore({
      options: { ...options, seed: 0 },
      store: new MemoryStore(),
      log: silentLog,
    });
    const account = kind === "our" ? core.accounts[0]! : await openZeppelinAccount(core);
    for (let i = 0; i < BLOCKS_BEFORE; i++) core.sequencer.closeBlock();
    return new TransferChain(core, account);
  }

  /** A block of transfers, to `receivers` accounts in turn. */
  async block(count: number, receivers = 1): Promise<Block> {
    const { core } = this;
    for (let i = 0; i < count; i++) {
      const to = 0x1234n + 7919n * BigInt(i % receivers);
      await submit(core, this.#account, transfer(to, 5n));
    }
    const block = await core.sequencer.exclusively(() => core.sequencer.closeBlock());
    const reverted = block.receipts.find(({ revertReason }) => revertReason !== undefined);
    if (reverted !== undefined) throw new Error(`a transfer reverted: ${reverted.revertReason}`);
    return block;
  }

  close(): Promise<void> {
    return this.core.close();
  }
}

const transfer = (to: Felt, amount: bigint): TokenCall => ({
  to: STRK_TOKEN,
  selector: selector("transfer"),
  calldata: [to, amount, 0n],
});

const submit = (core: DevnetCore, account: Account, call: TokenCall): Promise<void> =>
  core.sequencer.submit({ transaction: signedInvoke(core, account, call) });

const ARTIFACTS = new URL("artifacts/", import.meta.resolve("@hyperlane-xyz/starknet-core"));
const NAME = "contracts_MockAccount";

async function artifact(kind: string): Promise<unknown> {
  const { href } = new URL(`${NAME}.${kind}.js`, ARTIFACTS);
  return Object.values((await import(href)) as Record<string, unknown>)[0];
}

/**
 * OpenZeppelin's AccountComponent with its mixins, upgradeable, as an npm package of Hyperlane's carries it compiled;
 * with the key of the devnet's first account, deployed and funded by it.
 */
async function openZeppelinAccount(core: DevnetCore): Promise<Account> {
  const sierra = parseSierraClass(await artifact("contract_class"));
  const casm = parseCasmClass(await artifact("compiled_contract_class"));
  const classHash = sierraClassHash(sierra);
  const declaredClasses = new Map([[classHash, compiledClassHash(casm)]]);
  core.sequencer.writeState(
    { ...emptyDiff(), declaredClasses },
    new Map([[classHash, { sierra, casm }]]),
  );
  const owner = core.accounts[0]!;
  const salt = 1n;
  const constructorCalldata = [owner.publicKey];
  const address = contractAddress({ deployer: 0n, salt, classHash, constructorCalldata });
  await submit(core, owner, {
    to: UDC,
    selector: selector("deploy_contract"),
    calldata: [classHash, salt, 0n, 1n, owner.publicKey],
  });
  await submit(core, owner, transfer(address, FUNDS));
  await core.sequencer.exclusively(() => core.sequencer.closeBlock());
  return { address, privateKey: owner.privateKey };
}
