import { devnetMethod } from "../../method.ts";
import { address } from "../../schema/numbers.ts";
import { bigInteger } from "../../schema/schema.ts";
import { tokenUnit } from "../../schema/devnet.ts";
import { toHex } from "../../../util/hex.ts";

export const mint = devnetMethod({
  name: "devnet_mint",
  parameters: {
    address,
    amount: bigInteger("an integer from 0 to 2^256 - 1", 0n, (1n << 256n) - 1n),
    unit: tokenUnit,
  },
  mutates: true,
  async handle({ control }, { address, amount, unit }) {
    const { newBalance, transactionHash } = await control.mint(address, amount, unit);
    return { new_balance: newBalance.toString(), unit, tx_hash: toHex(transactionHash) };
  },
});
