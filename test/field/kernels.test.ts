import { execFileSync } from "node:child_process";
import { expect } from "chai";

describe("committed kernels", () => {
  it("are what their sources build to", () => {
    const run = (): string =>
      execFileSync(
        process.execPath,
        ["scripts/build-wasm.mjs", "--check", "src/field", "src/curve", "src/hash"],
        {
          encoding: "utf8",
        },
      );
    expect(run).not.to.throw();
  });
});
