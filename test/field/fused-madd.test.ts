import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const url = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

// Prints what the probe finds, and the hashes of (1, 2) that the public functions and the two-lane kernel give.
const PROGRAM = `
  import { hasFusedMadd } from ${url("field/fused-madd.ts")};
  import { poseidon } from ${url("hash/poseidon.ts")};
  import { pedersen } from ${url("hash/pedersen.ts")};
  import { createPoseidon } from ${url("hash/poseidon-kernel.ts")};
  const fma = createPoseidon("fma").poseidon(1n, 2n);
  console.log([hasFusedMadd(), poseidon(1n, 2n), pedersen(1n, 2n), fma].join(" "));
`;

/** Runs the program in a Node of its own, as if on a processor without FMA. */
function runWithoutFma(): string[] {
  const args = ["--no-enable-fma3", "--no-warnings", "--input-type=module", "-e", PROGRAM];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  return execFileSync(process.execPath, args, { encoding: "utf8", cwd }).trim().split(" ");
}

describe("probe for fused multiply-adds", () => {
  it("leads to the scalar kernels where products and sums are rounded apart", function () {
    if (process.arch !== "x64") this.skip();
    const [fused, poseidon, pedersen, fma] = runWithoutFma();
    expect(fused).to.equal("false");
    expect(BigInt(poseidon!)).to.equal(
      0x5d44a3decb2b2e0cc71071f7b802f45dd792d064f0fc7316c46514f70f9891an,
    );
    expect(BigInt(pedersen!)).to.equal(
      0x5bb9440e27889a364bcb678b1f679ecd1347acdedcbf36e83494f857cc58026n,
    );
    // What the probe is for: the two-lane kernel is wrong there.
    expect(fma).not.to.equal(poseidon);
  });
});
