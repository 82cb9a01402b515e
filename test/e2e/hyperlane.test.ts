/** A mailbox with its hook and security module: production classes, declared, deployed and called over RPC. */
import { expect } from "chai";
import { UDC } from "../../src/starknet/addresses.ts";
import type { Felt } from "../../src/field/felt.ts";
import { TestDevnet } from "../support/devnet.ts";
import { call, declareProductionClass, deploy } from "./hyperlane.ts";

const DOMAIN = 0x1234n;

describe("Hyperlane's contracts on the devnet", () => {
  let devnet: TestDevnet;
  let owner: Felt;
  let ism: Felt;
  let mailbox: Felt;

  before(async () => {
    devnet = await TestDevnet.start({ initialBalance: 10n ** 24n });
    owner = devnet.accounts[0]!.address;
  });
  after(() => devnet.close());

  it("are declared and deployed by both universal deployers", async () => {
    ism = await deploy(devnet, await declareProductionClass(devnet, "contracts_noop_ism"), [], UDC);
    const hook = await deploy(devnet, await declareProductionClass(devnet, "contracts_hook"), []);
    const mailboxClass = await declareProductionClass(devnet, "contracts_mailbox");
    mailbox = await deploy(devnet, mailboxClass, [DOMAIN, owner, ism, hook, hook]);
  });

  it("answer calls", async () => {
    expect(await call(devnet, mailbox, "get_local_domain")).to.deep.equal([DOMAIN]);
    expect(await call(devnet, mailbox, "owner")).to.deep.equal([owner]);
    expect(await call(devnet, mailbox, "get_default_ism")).to.deep.equal([ism]);
    expect(await call(devnet, mailbox, "nonce")).to.deep.equal([0n]);
    expect(await call(devnet, ism, "module_type")).to.have.length(1);
  });
});
