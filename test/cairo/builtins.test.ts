/** What builtins refuse; what they compute is compared with another VM in oracle.test.ts. */
import { expect } from "chai";
import { type BuiltinSegment, openBuiltin } from "../../src/cairo/builtins/index.ts";
import { VmError } from "../../src/cairo/errors.ts";
import { Machine } from "../../src/cairo/machine/machine.ts";
import type { MachineMemory } from "../../src/cairo/machine/memory.ts";
import { type BuiltinName, makeProgram } from "../../src/cairo/program.ts";
import type { MemoryValue } from "../../src/cairo/relocatable.ts";
import { publicKey, sign } from "../../src/curve/ecdsa.ts";
import { GENERATOR } from "../../src/curve/stark.ts";
import { P } from "../../src/field/felt.ts";
import { pedersen } from "../../src/hash/pedersen.ts";

const machine = new Machine();
const program = makeProgram([1n], new Map());

/** A builtin whose segment starts with these cells. */
function open(
  name: BuiltinName,
  cells: readonly (MemoryValue | undefined)[],
): { builtin: BuiltinSegment; memory: MachineMemory } {
  machine.load(program);
  const { memory } = machine;
  const builtin = openBuiltin(name, memory);
  cells.forEach((value, offset) => {
    if (value !== undefined) memory.set({ segment: builtin.segment, offset }, value);
  });
  return { builtin, memory };
}

function verify(name: BuiltinName, cells: readonly (MemoryValue | undefined)[]): void {
  const { builtin, memory } = open(name, cells);
  builtin.verify(memory);
}

const refusal = (attempt: () => void): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VmError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
};

describe("builtins", () => {
  it("range checks accept what is below their bounds, when it is written", () => {
    expect(refusal(() => verify("range_check", [0n, (1n << 128n) - 1n]))).to.equal("accepted");
    expect(refusal(() => verify("range_check96", [0n, (1n << 96n) - 1n]))).to.equal("accepted");
    for (const value of [1n << 128n, 1n << 192n, P - 1n])
      expect(refusal(() => open("range_check", [1n, value]))).to.match(/^BUILTIN: .* 2:1 /);
    expect(refusal(() => open("range_check96", [1n << 96n]))).to.match(/^BUILTIN: .* 2:0 /);
    const pointer = { segment: 1, offset: 0 };
    expect(refusal(() => open("range_check", [pointer]))).to.match(/^EXPECTED_FELT/);
    expect(refusal(() => verify("range_check", [1n, undefined, 3n]))).to.equal(
      "BUILTIN: range_check: the input at 2:1 is missing",
    );
  });

  it("outputs that the program writes have to be right", () => {
    expect(refusal(() => verify("pedersen", [1n, 2n, pedersen(1n, 2n)]))).to.equal("accepted");
    expect(refusal(() => verify("pedersen", [1n, 2n, 3n]))).to.equal(
      "BUILTIN: pedersen: the output at 2:2 is not what it must be",
    );
    expect(refusal(() => verify("pedersen", [1n, undefined, 3n]))).to.match(/2:1 is missing/);
    expect(refusal(() => verify("bitwise", [6n, 3n, 2n, 5n, 7n]))).to.equal("accepted");
    expect(refusal(() => verify("bitwise", [6n, 3n, 2n, 5n, 6n]))).to.match(/2:4 is not what/);
    expect(refusal(() => verify("bitwise", [1n << 251n, 3n]))).to.match(/more than 251 bits/);
    expect(refusal(() => verify("poseidon", [1n, 2n, 3n, 4n]))).to.match(/2:3 is not what/);
    expect(refusal(() => verify("keccak", [1n << 200n, ...Array<bigint>(7).fill(0n)]))).to.match(
      /more than 200 bits/,
    );
  });

  it("ec_op wants points of the curve that do not meet", () => {
    const { x, y } = GENERATOR;
    expect(refusal(() => verify("ec_op", [x, y + 1n, x, y, 1n]))).to.match(/not on the curve/);
    expect(refusal(() => verify("ec_op", [x, y, x, y, 1n]))).to.match(/have the same x/);
    expect(refusal(() => verify("ec_op", [x, y, x, P - y, 1n]))).to.match(/have the same x/);
  });

  it("ecdsa wants a valid signature for every instance", () => {
    const key = publicKey(77n);
    const { r, s } = sign(5n, 77n);
    const check = (message: bigint, signature?: readonly [bigint, bigint]): string =>
      refusal(() => {
        const { builtin, memory } = open("ecdsa", [key, message]);
        if (signature !== undefined) builtin.signatures.set(0, signature);
        builtin.verify(memory);
      });
    expect(check(5n, [r, s])).to.equal("accepted");
    expect(check(6n, [r, s])).to.match(/signature for 2:0 is not valid/);
    expect(check(5n)).to.match(/no signature was given for 2:0/);
  });

  it("add_mod and mul_mod want what their operations give, instance by instance", () => {
    const run = (
      name: "add_mod" | "mul_mod",
      p: bigint,
      values: readonly bigint[],
      change: (instance: MemoryValue[]) => void = () => undefined,
    ): string =>
      refusal(() => {
        const { builtin, memory } = open(name, []);
        const table = memory.addSegment();
        memory.write(
          table,
          values.flatMap((value) => [value, 0n, 0n, 0n]),
        );
        const offsets = memory.addSegment();
        memory.write(offsets, [0n, 4n, 8n]);
        const instance: MemoryValue[] = [p, 0n, 0n, 0n, table, offsets, 1n];
        change(instance);
        memory.write(builtin.base, instance);
        builtin.verify(memory);
      });
    expect(run("add_mod", 7n, [5n, 6n, 4n])).to.equal("accepted");
    expect(run("add_mod", 7n, [5n, 6n, 11n])).to.equal("accepted");
    expect(run("add_mod", 7n, [5n, 6n, 5n])).to.match(/not what its operands give/);
    expect(run("mul_mod", 7n, [5n, 6n, 2n])).to.equal("accepted");
    expect(run("mul_mod", 7n, [5n, 6n, 3n])).to.match(/not what its operands give/);
    expect(run("mul_mod", 7n, [1n << 96n, 6n, 2n])).to.match(/more than 96 bits/);
    expect(run("mul_mod", 0n, [1n, 1n, 1n])).to.match(/modulus .* is 0/);
    const announce = (n: bigint) => (instance: MemoryValue[]) => (instance[6] = n);
    expect(run("add_mod", 7n, [5n, 6n, 4n], announce(2n))).to.match(/announces 2 operations/);
    expect(run("add_mod", 7n, [5n, 6n, 4n], announce(0n))).to.match(/n at .* is 0/);
  });
});
