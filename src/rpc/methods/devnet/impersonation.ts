/** The four methods of impersonation: each answers an empty object. */
import { devnetMethod } from "../../method.ts";
import { address } from "../../schema/numbers.ts";

export const impersonateAccount = devnetMethod({
  name: "devnet_impersonateAccount",
  parameters: { account_address: address },
  mutates: true,
  async handle({ control }, { account_address }) {
    await control.impersonateAccount(account_address);
    return {};
  },
});

export const stopImpersonateAccount = devnetMethod({
  name: "devnet_stopImpersonateAccount",
  parameters: { account_address: address },
  mutates: true,
  async handle({ control }, { account_address }) {
    await control.stopImpersonateAccount(account_address);
    return {};
  },
});

export const autoImpersonate = devnetMethod({
  name: "devnet_autoImpersonate",
  parameters: {},
  mutates: true,
  async handle({ control }) {
    await control.autoImpersonate(true);
    return {};
  },
});

export const stopAutoImpersonate = devnetMethod({
  name: "devnet_stopAutoImpersonate",
  parameters: {},
  mutates: true,
  async handle({ control }) {
    await control.autoImpersonate(false);
    return {};
  },
});
