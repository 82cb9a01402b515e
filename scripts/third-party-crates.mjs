// The notice that the licences of linked crates ask for.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense)/i;

/** The files to show: of a choice of licences that has MIT in it, that one. */
function licenceFiles(folder) {
  const files = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort();
  const mit = files.filter((file) => /mit/i.test(file));
  return mit.length > 0 ? mit : files;
}

/** Crates that end up in the binary: normal dependencies, without what only runs inside of the compiler. */
function linkedPackages({ packages, resolve }) {
  const packageOf = new Map(packages.map((entry) => [entry.id, entry]));
  const nodeOf = new Map(resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set([resolve.root]);
  for (const id of linked) {
    for (const { pkg, dep_kinds: kinds } of nodeOf.get(id).deps) {
      const isMacro = packageOf.get(pkg).targets.some(({ kind }) => kind.includes("proc-macro"));
      if (!isMacro && kinds.some(({ kind }) => kind === null)) linked.add(pkg);
    }
  }
  linked.delete(resolve.root);
  return [...linked]
    .map((id) => packageOf.get(id))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** @param metadata what `cargo metadata` says, filtered for the target */
export function thirdPartyNotice(metadata) {
  const packages = linkedPackages(metadata);
  const holders = new Map();
  for (const { name, manifest_path: manifest } of packages) {
    const folder = dirname(manifest);
    for (const file of licenceFiles(folder)) {
      const text = readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim();
      holders.set(text, [...(holders.get(text) ?? []), name]);
    }
  }
  const list = packages.map(
    ({ name, version, license }) => `${name} ${version}: ${license ?? "see below"}`,
  );
  const texts = [...holders].map(([text, names]) => {
    const crates = [...new Set(names)].join(", ");
    return `${"-".repeat(80)}\n${crates}\n\n${text}\n`;
  });
  return `sierra-to-casm.wasm contains these crates:\n\n${list.join("\n")}\n\n${texts.join("\n")}`;
}
