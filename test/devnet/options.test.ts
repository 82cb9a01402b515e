import { expect } from "chai";
import { readOptions } from "../../src/devnet/options.ts";
import { shortString } from "../../src/field/short-string.ts";

const problem = (source: Record<string, unknown>): string =>
  readOptions(source)
    .problems.map(({ name, message }) => `${name}: ${message}`)
    .join("; ");

describe("devnet options", () => {
  it("are starknet-devnet's by default", () => {
    const { options, problems } = readOptions();
    expect(problems).to.deep.equal([]);
    expect(options).to.include({
      host: "127.0.0.1",
      port: 5050,
      accounts: 10,
      blockGenerationOn: "transaction",
    });
    expect(options.initialBalance).to.equal(10n ** 21n);
    expect(options.chainId).to.equal(shortString("SN_SEPOLIA"));
  });

  it("take text from the command line and numbers from a config, the later source winning", () => {
    const { options, problems } = readOptions(
      {
        port: 6000,
        initialBalance: 10n ** 24n,
        chainId: "MAINNET",
        restrictiveMode: ["devnet_mint"],
      },
      { port: "7000", blockGenerationOn: "1.5", seed: "0x2a", quiet: true },
    );
    expect(problems).to.deep.equal([]);
    expect(options).to.include({ port: 7000, seed: 42, quiet: true, initialBalance: 10n ** 24n });
    expect(options.blockGenerationOn).to.deep.equal({ everySeconds: 1.5 });
    expect(options.chainId).to.equal(shortString("SN_MAIN"));
    expect(options.restrictiveMode).to.deep.equal(["devnet_mint"]);
  });

  it("name what is wrong and what is expected", () => {
    expect(problem({ port: "70000" })).to.equal(
      'port: expected a TCP port (0 to 65535), got "70000"',
    );
    expect(problem({ seed: -1 })).to.match(/^seed: expected a whole number below 2\^32, got -1/);
    expect(problem({ blockGenerationOn: "sometimes" })).to.match(
      /^blockGenerationOn: expected "transaction"/,
    );
    expect(problem({ chainId: "x".repeat(32) })).to.match(/^chainId: expected MAINNET, TESTNET/);
    expect(problem({ gasPrice: 0 })).to.match(/^gasPrice: expected a price above 0/);
    expect(problem({ colour: "red" })).to.match(/^colour: unknown option; known are host, port/);
    expect(problem({ dumpOn: "exit" })).to.match(
      /^dumpPath: expected a file path, for dumps are to be written on exit/,
    );
  });

  it("give a restricted devnet starknet-devnet's list", () => {
    for (const restrictiveMode of ["default", ""])
      expect(readOptions({ restrictiveMode }).options.restrictiveMode).to.include("devnet_mint");
  });

  it("do not load a dump into a chain that is there already", () => {
    expect(problem({ data: "folder", dumpPath: "dump.json" })).to.match(/^dumpPath: .* choose one/);
  });

  it("report every problem at once", () => {
    expect(readOptions({ port: "x", accounts: 256 }).problems).to.have.length(2);
  });
});
