/** The independent checker of proofs, ../shared/tools/proof-check, run with the project's own packages. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeProofFile, type ProofFile } from "../../src/prover/proof-file.ts";
import { sharedPath } from "./shared.ts";

export const PROOF_CHECK = "tools/proof-check";

export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

/** What the checker says of a proof; call it where `requireShared(…, PROOF_CHECK)` has passed. */
export function proofCheck(file: ProofFile, security = 96): Verdict {
  const folder = mkdtempSync(join(tmpdir(), "proof-check-"));
  try {
    cpSync(sharedPath(PROOF_CHECK), folder, { recursive: true, mode: 0 });
    symlinkSync(
      fileURLToPath(new URL("../../node_modules", import.meta.url)),
      join(folder, "node_modules"),
    );
    const job = join(folder, "proof.json");
    writeFileSync(job, encodeProofFile(file));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, "bin/check.mjs"), "--security", `${security}`, job],
      { encoding: "utf8" },
    );
    return { accepted: status === 0, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
