// Starts `npx hardhat starknet:devnet` on free ports as a user would, asks both layers for their chain id,
// sends an interrupt and expects a clean end.
import { spawn } from "node:child_process";

const rpc = async (url, method) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
};

const child = spawn("npx", ["hardhat", "starknet:devnet", "--port", "0", "--eth-port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
  detached: true,
});
const give = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 120_000);
let output = "";
const urls = await new Promise((resolve, reject) => {
  child.stdout.on("data", (chunk) => {
    process.stdout.write(chunk);
    output += chunk;
    const [l1, l2] = ["L1", "L2"].map(
      (layer) => output.match(new RegExp(`${layer} .*(http://\\S+)`))?.[1],
    );
    if (l1 && l2 && output.includes("Ctrl-C")) resolve({ l1, l2 });
  });
  child.on("exit", (code) => reject(new Error(`the devnet ended early with exit code ${code}`)));
});
console.log(
  "L1 chain id",
  await rpc(urls.l1, "eth_chainId"),
  "L2 chain id",
  await rpc(urls.l2, "starknet_chainId"),
);

child.removeAllListeners("exit");
const ended = new Promise((resolve) =>
  child.on("exit", (code, signal) => resolve({ code, signal })),
);
process.kill(-child.pid, "SIGINT"); // as Ctrl-C does: npx and Hardhat both get it
const { code, signal } = await ended;
clearTimeout(give);
for (const url of Object.values(urls)) {
  const answered = await rpc(url, "").then(
    () => true,
    (error) => !(error instanceof TypeError),
  );
  if (answered) throw new Error(`${url} still answers after the end`);
}
// npx ends by the signal itself; Hardhat, asked directly, exits with 0.
if (code !== 0 && signal !== "SIGINT")
  throw new Error(`ended with exit code ${code}, signal ${signal}`);
console.log("ended; neither layer answers any more");
