import type { DevnetControl, PredeployedAccount } from "../../control.ts";
import { devnetMethod } from "../../method.ts";
import { boolean, optional } from "../../schema/schema.ts";
import { toHex, toPaddedHex } from "../../../util/hex.ts";

async function balances(control: DevnetControl, { address }: PredeployedAccount): Promise<object> {
  const amount = async (unit: "WEI" | "FRI") => ({
    amount: (await control.balance(address, unit, "preConfirmed")).toString(),
    unit,
  });
  return { eth: await amount("WEI"), strk: await amount("FRI") };
}

export const getPredeployedAccounts = devnetMethod({
  name: "devnet_getPredeployedAccounts",
  parameters: { with_balance: optional(boolean) },
  handle: ({ control }, { with_balance }) =>
    Promise.all(
      control.predeployedAccounts().map(async (account) => ({
        initial_balance: account.initialBalance.toString(),
        address: toPaddedHex(account.address, 32),
        public_key: toHex(account.publicKey),
        private_key: toHex(account.privateKey),
        balance: with_balance ? await balances(control, account) : null,
      })),
    ),
});
