/**
 * The state of block 0: the fee tokens, the deployers and the predeployed accounts, put there by running
 * the contracts' own constructors and the tokens' own `permissioned_mint`.
 */
import { publicKey } from "../../curve/ecdsa.ts";
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { selector } from "../../hash/keccak.ts";
import type { PredeployedAccount } from "../../rpc/control.ts";
import type { ClassLibrary, NewClass } from "../../sequencer/class-library.ts";
import { CachedState } from "../../state/cached-state.ts";
import type { StateDiff } from "../../state/diff.ts";
import { EMPTY_STATE } from "../../state/reader.ts";
import type { BlockContext } from "../../starknet/block.ts";
import { contractAddress } from "../../starknet/class/contract-address.ts";
import { loadSystemClass, SYSTEM_CLASSES, type SystemClass } from "../../starknet/class/system.ts";
import { DEFAULT_INITIAL_GAS, LIMITS } from "../../starknet/constants.ts";
import { NO_TRANSACTION } from "../../starknet/execution/call.ts";
import { ExecutionContext } from "../../starknet/execution/context.ts";
import { deployContract, executeCallOrFail } from "../../starknet/execution/entry-point.ts";
import type { ExecutionEnvironment } from "../../starknet/execution/environment.ts";
import { accountKeys } from "../account-keys.ts";
import { ETH_TOKEN, LEGACY_UDC, STRK_TOKEN, UDC } from "../../starknet/addresses.ts";

export interface GenesisOptions {
  readonly seed: number;
  readonly accounts: number;
  readonly initialBalance: bigint;
}

export interface Genesis {
  readonly diff: StateDiff;
  readonly classes: ReadonlyMap<Felt, NewClass>;
}

/** Key of the account that mints for `devnet_mint`; whoever knows it may mint too, as on any devnet. */
const MINTER_KEY = shortString("hardhat-starknet minter");
/** Enough STRK for the fees of any number of mints. */
const MINTER_BALANCE = 1n << 120n;

function accountOf(privateKey: Felt, classHash: Felt, initialBalance: bigint): PredeployedAccount {
  const key = publicKey(privateKey);
  const address = contractAddress({
    deployer: 0n,
    salt: key,
    classHash,
    constructorCalldata: [key],
  });
  return { address, publicKey: key, privateKey, initialBalance };
}

/** The accounts of a seed, salted with their public keys. */
export function predeployedAccounts({
  seed,
  accounts,
  initialBalance,
}: GenesisOptions): PredeployedAccount[] {
  const { classHash } = loadSystemClass("account");
  return accountKeys(seed, accounts).map((key) => accountOf(key, classHash, initialBalance));
}

/** The account that signs the transactions of `devnet_mint`. */
export const minterAccount = (): PredeployedAccount =>
  accountOf(MINTER_KEY, loadSystemClass("account").classHash, MINTER_BALANCE);

/** Text as Cairo serializes a ByteArray of at most 31 bytes: no full words, the rest, its length. */
const byteArray = (text: string): Felt[] => [0n, shortString(text), BigInt(text.length)];

/** Runs genesis on an empty state; its classes are pending in `library` from then on. */
export function genesis(
  environment: ExecutionEnvironment,
  library: ClassLibrary,
  block: BlockContext,
  options: GenesisOptions,
): Genesis {
  const state = new CachedState(EMPTY_STATE);
  const context = new ExecutionContext({
    env: environment,
    block,
    state,
    info: NO_TRANSACTION,
    mode: "EXECUTE",
    initialGas: DEFAULT_INITIAL_GAS,
    steps: LIMITS.executeSteps,
  });
  const [account, erc20, udc] = SYSTEM_CLASSES.map(loadSystemClass) as [
    SystemClass,
    SystemClass,
    SystemClass,
  ];
  for (const { classHash, compiledClassHash, sierra, casm } of [account, erc20, udc]) {
    state.setCompiledClassHash(classHash, compiledClassHash);
    library.add(classHash, { sierra, casm });
  }
  const deploy = (address: Felt, classHash: Felt, calldata: readonly Felt[]): void => {
    deployContract(context, {
      classHash,
      contractAddress: address,
      callerAddress: 0n,
      calldata,
      initialGas: DEFAULT_INITIAL_GAS,
    });
  };

  const minter = minterAccount();
  const accounts = predeployedAccounts(options);
  for (const { address, publicKey } of [minter, ...accounts])
    deploy(address, account.classHash, [publicKey]);
  deploy(UDC, udc.classHash, []);
  deploy(LEGACY_UDC, udc.classHash, []);
  const initialSupply = [MINTER_BALANCE, 0n];
  for (const [token, name, symbol] of [
    [ETH_TOKEN, "Ether", "ETH"],
    [STRK_TOKEN, "StarkNet Token", "STRK"],
  ] as const) {
    const constructor = [
      ...byteArray(name),
      ...byteArray(symbol),
      18n,
      ...initialSupply,
      minter.address,
      minter.address,
    ];
    deploy(token, erc20.classHash, constructor);
    for (const { address, initialBalance } of accounts) {
      executeCallOrFail(context, {
        classHash: undefined,
        contractAddress: token,
        callerAddress: minter.address,
        entryPointType: "EXTERNAL",
        entryPointSelector: selector("permissioned_mint"),
        callType: "CALL",
        calldata: [address, initialBalance, 0n],
        initialGas: DEFAULT_INITIAL_GAS,
      });
    }
  }
  return {
    diff: state.diff(),
    classes: new Map(
      [account, erc20, udc].map(({ classHash, sierra, casm }) => [classHash, { sierra, casm }]),
    ),
  };
}
