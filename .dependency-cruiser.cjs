// The layers of docs/architecture.md: a module imports only from its own layer or from layers before it.
const layers = [
  ["util"],
  ["field"],
  ["hash", "curve"],
  ["cairo"],
  ["starknet", "state"],
  ["sequencer", "os", "prover"],
  ["proving"],
  ["l1", "node", "rpc"],
  ["devnet"],
  ["plugin"],
];
const later = (i) =>
  layers
    .slice(i + 1)
    .flat()
    .join("|");

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...layers.slice(0, -1).map((names, i) => ({
      name: `layer-${names.join("-")}`,
      severity: "error",
      from: { path: `^src/(${names.join("|")})/` },
      to: { path: `^(src/(${later(i)})/|tasks/)` },
    })),
    {
      name: "prover-knows-no-sequencer",
      severity: "error",
      from: { path: "^src/prover/" },
      to: { path: "^src/sequencer/" },
    },
    {
      name: "hardhat-only-in-plugin",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(plugin/|index\\.ts|type-extensions\\.ts)" },
      to: { path: "node_modules/(hardhat|@nomicfoundation)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/.*/wasm/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
