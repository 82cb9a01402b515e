/** The files that Stone's prover reads, by its README and its example e2e_test/CairoZero. */
import { expect } from "chai";
import { stoneInputs } from "../../bench/support/stone.ts";
import type { ProofParameters } from "../../src/prover/verifier/parameters.ts";
import { bytesToBigInt } from "../../src/util/bytes.ts";
import { proofRun } from "../support/cairo-program.ts";

describe("files for Stone", () => {
  /** Those of the example: layout small, 512 steps. */
  const PARAMETERS: ProofParameters = {
    ...{ queries: 18, logBlowup: 4, powBits: 24, logLast: 6, friSteps: [4, 3] },
    ...{ logRows: 13, logDomain: 17 },
  };
  const run = proofRun("fibonacci", "small");
  const inputs = stoneInputs(run, PARAMETERS, "/run");

  it("have the parameters of its example", () => {
    expect(inputs["parameters.json"]).to.deep.equal({
      field: "PrimeField0",
      stark: {
        fri: {
          fri_step_list: [0, 4, 3],
          last_layer_degree_bound: 64,
          n_queries: 18,
          proof_of_work_bits: 24,
        },
        log_n_cosets: 4,
      },
      use_extension_field: false,
    });
  });

  it("name trace and memory, and say that the builtins stand idle", () => {
    expect(inputs["private_input.json"]).to.deep.equal({
      trace_path: "/run/trace.bin",
      memory_path: "/run/memory.bin",
      ...{ pedersen: [], range_check: [], ecdsa: [], bitwise: [], ec_op: [], poseidon: [] },
    });
  });

  it("have a step's ap, fp and pc in 24 bytes, and a cell's address and value in 40", () => {
    const trace = Buffer.from(inputs["trace.bin"]);
    const { n_steps: steps, memory_segments: segments, public_memory: cells } = run.publicInput!;
    const entry = (step: number): number[] =>
      [0, 8, 16].map((at) => Number(trace.readBigUInt64LE(24 * step + at)));
    const [program, execution] = [segments.program!, segments.execution!];
    expect(trace.length).to.equal(24 * steps);
    expect(entry(0)).to.deep.equal([
      ...[execution.begin_addr, execution.begin_addr],
      program.begin_addr,
    ]);
    expect(entry(steps - 1)[0]).to.equal(execution.stop_ptr);
    expect(entry(steps - 1)[2]).to.equal(program.stop_ptr);

    const bytes = Buffer.from(inputs["memory.bin"]);
    const memory = new Map<number, bigint>();
    for (let at = 0; at < bytes.length; at += 40)
      memory.set(
        Number(bytes.readBigUInt64LE(at)),
        bytesToBigInt(bytes.subarray(at + 8, at + 40).toReversed()),
      );
    expect(bytes.length).to.equal(40 * memory.size);
    for (const { address, value } of cells)
      expect(memory.get(address), `cell ${address}`).to.equal(BigInt(value!));
  });

  it("are not written for what Stone cannot be told", () => {
    const refused: readonly (readonly [run: () => ReturnType<typeof proofRun>, error: RegExp])[] = [
      [() => proofRun("fibonacci", "compact"), /no layout "compact"/],
      [() => proofRun("bitwise", "recursive"), /uses .*bitwise/],
      [() => ({ ...run, publicInput: undefined }) as never, /proof mode/],
    ];
    for (const [make, error] of refused)
      expect(() => stoneInputs(make(), PARAMETERS, "/run")).to.throw(error);
  });
});
