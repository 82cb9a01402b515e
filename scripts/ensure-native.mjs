// npm on Node < 22 skips optional packages whose `engines` ask for more, EDR's native binding among
// them. A clone is installed by whatever Node the machine has but runs on the Node 24 that the `node`
// dev dependency brings, so the binding is put back here, under that Node.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
try {
  require("@nomicfoundation/edr");
} catch {
  console.log(`adding EDR's native package under Node ${process.version}`);
  execFileSync(
    process.execPath,
    [process.env.npm_execpath, "install", "--ignore-scripts", "--no-save", "--prefer-offline"],
    { stdio: "inherit" },
  );
}
