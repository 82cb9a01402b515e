import { expect } from "chai";
import { ALPHA, BETA, PEDERSEN_SHIFT } from "../../src/curve/constants.ts";
import { div, mul, pow } from "../../src/field/felt.ts";
import { constraintValues } from "../../src/prover/air/air.ts";
import { airOf } from "../../src/prover/air/create.ts";
import { domainHas, evaluateDomain } from "../../src/prover/air/domain.ts";
import { degree } from "../../src/prover/air/expression.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { periodicAt } from "../../src/prover/air/periodic.ts";
import { rootOfUnity } from "../../src/prover/roots.ts";
import { type ConstraintTable, evaluateTable } from "../support/constraint-table.ts";
import { requireShared, readSharedJson } from "../support/shared.ts";

const ROWS = 1 << 20;
const random = (i: number): bigint => pow(5n, BigInt(1000 + i));

/** Names of the tables that are not ours with "/" written as "__". */
const TABLE_NAMES: Readonly<Record<string, string>> = {
  memory__multi_column_perm__perm__interaction_elm: "memory/z",
  memory__multi_column_perm__hash_interaction_elm0: "memory/alpha",
  memory__multi_column_perm__perm__public_memory_prod: "memory/public_memory_product",
  rc16__perm__interaction_elm: "rc16/z",
  diluted_check__permutation__interaction_elm: "diluted_check/permutation/z",
  diluted_check__interaction_z: "diluted_check/z",
  diluted_check__interaction_alpha: "diluted_check/alpha",
  diluted_check__final_cum_val: "diluted_check/final_cumulative_value",
};

const FIXED: Readonly<Record<string, bigint>> = {
  rc16__perm__public_memory_prod: 1n,
  diluted_check__permutation__public_memory_prod: 1n,
  diluted_check__first_elm: 0n,
  offset_size: 1n << 16n,
  half_offset_size: 1n << 15n,
  pedersen__shift_point_x: PEDERSEN_SHIFT.x,
  pedersen__shift_point_y: PEDERSEN_SHIFT.y,
  ecdsa__sig_config_alpha: ALPHA,
  ecdsa__sig_config_beta: BETA,
  ecdsa__sig_config_shift_point_x: PEDERSEN_SHIFT.x,
  ecdsa__sig_config_shift_point_y: PEDERSEN_SHIFT.y,
  ec_op__curve_config_alpha: ALPHA,
};

describe("AIR of StarkWare's layouts", () => {
  for (const name of ["starknet", "small", "recursive"] as const)
    describe(name, function () {
      before(function () {
        requireShared(this, `spec/layouts/layout-${name}-constraints.json`);
      });
      const air = airOf(PROOF_LAYOUTS[name]);
      const table = () =>
        readSharedJson<ConstraintTable>(`spec/layouts/layout-${name}-constraints.json`);

      it("has the mask in the proof's order", () => {
        const { mask } = readSharedJson<{ mask: [number, number][] }>(
          `spec/layouts/layout-${name}-mask.json`,
        );
        expect(air.mask.map(({ column, row }) => [column, row])).to.deep.equal(mask);
      });

      it("has the constraints in order", () => {
        expect(air.constraints.map((constraint) => constraint.name)).to.deep.equal(
          table().constraints.map((constraint) => constraint.name),
        );
      });

      it("agrees on every constraint and domain at random points", () => {
        const x = random(0);
        const generator = rootOfUnity(ROWS);
        const values = new Map(air.values.map((value, i) => [value, random(1 + i)]));
        const mask = air.mask.map((_, i) => random(100 + i));
        const names = new Map<string, bigint>([
          ["point", x],
          ["trace_length", BigInt(ROWS)],
          ["trace_generator", generator],
          ...Object.entries(FIXED),
          ...[...values].map(([key, value]): [string, bigint] => [key, value]),
          ...Object.entries(TABLE_NAMES).map(([theirs, ours]): [string, bigint] => [
            theirs,
            values.get(ours) ?? 0n,
          ]),
          ...air.mask.map(({ column, row }, i): [string, bigint] => [
            `t[${column},${row}]`,
            mask[i]!,
          ]),
          ...air.periodicColumns.map((column): [string, bigint] => [
            column.name.replaceAll("/", "__"),
            periodicAt(column, x, ROWS),
          ]),
        ]);
        const expected = evaluateTable(table(), names);
        const actual = constraintValues(air, { rows: ROWS, x, mask, values });
        air.constraints.forEach((constraint, i) => {
          const { numerator, denominator } = evaluateDomain(constraint.domain, x, ROWS, generator);
          expect(div(mul(actual[i]!, numerator), denominator), constraint.name).to.equal(
            expected[i],
          );
        });
      });

      it("has the row sets of the table", () => {
        table().constraints.forEach(({ name: path, enforced_on: on }, i) => {
          const { domain } = air.constraints[i]!;
          if ("rows" in on) {
            const row = on.rows[0]!.startsWith("N") ? ROWS + Number(on.rows[0]!.slice(1)) : 0;
            expect(domainHas(domain, row, ROWS), path).to.equal(true);
            return;
          }
          let count = 0;
          for (let row = 0; row < on.period; row++) if (domainHas(domain, row, ROWS)) count++;
          expect(count, path).to.equal(on.residues_count);
          for (const text of on.except_rows ?? [])
            expect(domainHas(domain, ROWS + Number(text.slice(1)), ROWS), path).to.equal(false);
        });
      });

      it("has degree 2", () => {
        for (const { name: path, expression } of air.constraints)
          expect(degree(expression), path).to.be.at.most(2);
      });
    });

  it("has the periodic columns' values", function () {
    requireShared(this, "spec/layouts/layout-starknet-periodic.json");
    const table = readSharedJson<
      Record<string, { period_rows: number; values: readonly string[] }>
    >("spec/layouts/layout-starknet-periodic.json");
    const { periodicColumns } = airOf(PROOF_LAYOUTS.starknet);
    expect(periodicColumns.length).to.equal(Object.keys(table).length);
    for (const { name, period, values } of periodicColumns) {
      const { period_rows, values: expected } = table[name.replaceAll("/", "__")]!;
      expect(period, name).to.equal(period_rows);
      expect(values, name).to.deep.equal(expected.map(BigInt));
    }
  });

  it("has the Poseidon addresses of Stone v3 as a dialect (stark-protocol §8)", () => {
    const { starknet } = PROOF_LAYOUTS;
    const air = airOf({ ...starknet, poseidon: { ...starknet.poseidon!, addressing: "by cell" } });
    const keys = (mask: typeof air.mask): Set<string> =>
      new Set(mask.map(({ column, row }) => `${column},${row}`));
    const without = (a: Set<string>, b: Set<string>): string[] =>
      [...a].filter((key) => !b.has(key)).sort();
    const [v1, v3] = [keys(airOf(starknet).mask), keys(air.mask)];
    expect(air.constraints.length).to.equal(198);
    expect(air.mask.length).to.equal(271);
    expect(without(v1, v3)).to.deep.equal(["5,231", "5,550"]);
    expect(without(v3, v1)).to.deep.equal(["5,166", "5,294", "5,422", "5,423"]);
  });
});
