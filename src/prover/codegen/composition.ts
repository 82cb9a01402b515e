/** Solidity that evaluates the composition of a layout at the out-of-domain point. */
import { type Felt, pow } from "../../field/felt.ts";
import { domainKey, type Factor } from "../air/domain.ts";
import { rootOfUnity } from "../roots.ts";
import { initialAddress, type VerifierLayout } from "../verifier/layout.ts";
import { layoutCode } from "../verifier/public-input.ts";
import { contractSource, indent, typeName } from "./contract.ts";
import { type PlacedColumn, placeColumns } from "./periodic.ts";
import { type Code, ExpressionWriter, hex, load, MemoryMap, product } from "./yul.ts";

/** Values that are the same in every statement. */
const FIXED_VALUES: ReadonlyMap<string, Felt> = new Map([
  ["initial_pc", 1n],
  ["final_pc", 5n],
]);
/** Terms that are added up before they are reduced. */
const TERMS_BEFORE_REDUCTION = 28;
/** Coefficients of a round of Horner's rule. */
const UNROLLED = 8;

/** Everything that the body writes: statements by part, over one memory map. */
class CompositionWriter {
  readonly layout: VerifierLayout;
  readonly memory = new MemoryMap();
  readonly #addresses = new Map<string, number>();
  readonly columns: readonly PlacedColumn[];
  readonly inputWords: number;
  readonly #mask: number;

  constructor(layout: VerifierLayout) {
    this.layout = layout;
    this.columns = placeColumns(layout.air.periodicColumns);
    const inputs = [
      ...["log2 of the rows", "z", "alpha"],
      ...layout.interactionElements,
      ...["memory/public_memory_product", "rc_min", "rc_max", "initial_ap", "final_ap"],
      ...layout.builtins.map(({ name }) => initialAddress(name)),
    ];
    for (const name of inputs) this.#reserve(name);
    const { mask } = layout.air;
    this.#mask = this.memory.reserve("mask, in the order of the proof", mask.length);
    mask.forEach(({ column, row }, i) =>
      this.#addresses.set(`${column},${row}`, this.#mask + 32 * i),
    );
    this.inputWords = inputs.length + mask.length;
  }

  #reserve(name: string): number {
    const address = this.memory.reserve(name, 1);
    this.#addresses.set(name, address);
    return address;
  }

  /** The word of that name; reserved at its first use. */
  address(name: string): number {
    return this.#addresses.get(name) ?? this.#reserve(name);
  }

  load(name: string): Code {
    return load(this.address(name));
  }

  /** The mask out of Montgomery form; what is not canonical leaves a mark in `excess`. */
  maskStatements(): string[] {
    const end = this.#mask + 32 * this.layout.air.mask.length;
    return [
      `for { let at := ${hex(this.#mask)} } lt(at, ${hex(end)}) { at := add(at, 0x20) } {`,
      "    let word := mload(at)",
      "    excess := or(excess, gt(word, sub(p, 1)))",
      "    mstore(at, mulmod(word, MONTGOMERY_INVERSE, p))",
      "}",
    ];
  }

  /** log2 of the periods, of domains and columns. */
  get #logPeriods(): number[] {
    const factors = this.layout.air.constraints.flatMap(({ domain }) => [
      ...domain.numerator,
      ...domain.denominator,
    ]);
    const periods = [
      ...factors.flatMap((factor) => (factor.kind === "every" ? [factor.period] : [])),
      ...this.columns.map(({ column }) => column.period),
    ];
    return [...new Set(periods)].map(Math.log2).sort((a, b) => b - a);
  }

  get maxLogPeriod(): number {
    return this.#logPeriods[0]!;
  }

  /** z^(N/period) for each period, from the longest one by squaring. `power` is the first of them. */
  powerStatements(): string[] {
    const wanted = new Set(this.#logPeriods);
    const lines: string[] = [];
    for (let log = this.maxLogPeriod; log >= 0; log--) {
      if (log < this.maxLogPeriod) lines.push("power := mulmod(power, power, p)");
      if (wanted.has(log)) lines.push(`mstore(${hex(this.address(powerName(log)))}, power)`);
    }
    return lines;
  }

  /** The periodic columns at z by Horner's rule, from coefficients that are copied behind everything. */
  periodicStatements(buffer: string): string[] {
    const lines: string[] = [];
    let contract = -1;
    for (const placed of this.columns) {
      const { column, offset } = placed;
      if (placed.contract !== contract) {
        contract = placed.contract;
        const words = this.columns
          .filter((other) => other.contract === contract)
          .reduce((total, other) => total + other.column.values.length, 0);
        lines.push(`extcodecopy(periodic${contract}, ${buffer}, 1, ${hex(32 * words)})`);
      }
      const count = column.values.length;
      const round = Math.min(UNROLLED, count);
      const terms = Array.from(
        { length: round },
        (_, i) => `    sum := add(mulmod(sum, y, p), mload(add(at, ${hex(32 * (round - 1 - i))})))`,
      );
      const y = this.load(powerName(Math.log2(column.period)));
      lines.push(
        `// ${column.name}`,
        "{",
        `    let y := ${y.text}`,
        "    let sum := 0",
        `    let first := add(${buffer}, ${hex(32 * offset)})`,
        `    for { let at := add(first, ${hex(32 * count)}) } gt(at, first) {} {`,
        `        at := sub(at, ${hex(32 * round)})`,
        ...terms.map((line) => `    ${line}`),
        "    }",
        `    mstore(${hex(this.address(column.name))}, mod(sum, p))`,
        "}",
      );
    }
    return lines;
  }

  /** Factors of the domains at z. `inverse` is 1/g, for the rows that count from the end. */
  factorStatements(): string[] {
    const lines: string[] = [];
    const factors = new Map<string, Factor>();
    for (const { domain } of this.layout.air.constraints)
      for (const factor of [...domain.numerator, ...domain.denominator])
        factors.set(factorName(factor), factor);
    const fromEnd = [...factors.values()].flatMap((factor) =>
      factor.kind === "row" && "fromEnd" in factor ? [factor.fromEnd] : [],
    );
    // g^-k for the powers of two k that occur.
    for (let k = 1; k <= Math.max(0, ...fromEnd); k *= 2) {
      if (fromEnd.includes(k)) lines.push(`mstore(${hex(this.address(`g^-${k}`))}, inverse)`);
      if (2 * k <= Math.max(...fromEnd)) lines.push("inverse := mulmod(inverse, inverse, p)");
    }
    for (const [name, factor] of factors) {
      const [point, root] = this.#factorParts(factor);
      const text = `add(${point.text}, sub(p, ${root}))`;
      lines.push(`mstore(${hex(this.address(name))}, ${text})`);
    }
    return lines;
  }

  #factorParts(factor: Factor): [point: Code, root: string] {
    if (factor.kind === "every") {
      const root = pow(rootOfUnity(factor.period), BigInt(factor.offset));
      return [this.load(powerName(Math.log2(factor.period))), hex(root)];
    }
    if (!("fromEnd" in factor)) {
      if (factor.fromStart !== 0) throw new RangeError("only the first row counts from the start");
      return [this.load("z"), "1"];
    }
    if (!Number.isInteger(Math.log2(factor.fromEnd)))
      throw new RangeError(`row N - ${factor.fromEnd}: a power of two expected`);
    return [this.load("z"), this.load(`g^-${factor.fromEnd}`).text];
  }

  /** Statements that multiply the variable `name` by the factors. */
  #multiply(name: string, factors: readonly Factor[]): string[] {
    return factors.map(
      (factor) => `${name} := mulmod(${name}, ${this.load(factorName(factor)).text}, p)`,
    );
  }

  /** Products of the denominators of each domain, in adjacent words, with the products before each. */
  denominatorStatements(): { lines: string[]; first: number; count: number } {
    const domains = new Map(
      this.layout.air.constraints.map(({ domain }) => [domainKey(domain), domain]),
    );
    const first = this.memory.reserve(
      "denominators of the domains, then their inverses",
      domains.size,
    );
    const lines = [...domains].flatMap(([key, { denominator }], i) => {
      this.#addresses.set(key, first + 32 * i);
      return [
        `factor := ${this.load(factorName(denominator[0]!)).text}`,
        ...this.#multiply("factor", denominator.slice(1)),
        `mstore(${hex(first + 32 * i)}, factor)`,
      ];
    });
    return { lines, first, count: domains.size };
  }

  /** Σ numerator/denominator · Σ αⁱ·Cᵢ, domain by domain. */
  constraintStatements(alphas: number): string[] {
    const { constraints } = this.layout.air;
    const writer = new ExpressionWriter(
      this.memory,
      {
        cell: (column, row) => this.load(`${column},${row}`),
        periodic: (name) => this.load(name),
        value: (name) => {
          const fixed = FIXED_VALUES.get(name);
          return fixed === undefined ? this.load(name) : { text: hex(fixed), bound: 1, depth: 1 };
        },
      },
      constraints.map(({ expression }) => expression),
    );
    const lines: string[] = [];
    for (const key of new Set(constraints.map(({ domain }) => domainKey(domain)))) {
      const members = [...constraints.entries()].filter(
        ([, { domain }]) => domainKey(domain) === key,
      );
      lines.push("{", "    let sum := 0");
      for (const [n, [i, { name, expression }]] of members.entries()) {
        const code = writer.write(expression);
        const term = product(load(alphas + 32 * i), code);
        lines.push(`    // ${i}: ${name}`, ...writer.take().map((line) => `    ${line}`));
        lines.push(`    sum := add(sum, ${term.text})`);
        if (n % TERMS_BEFORE_REDUCTION === TERMS_BEFORE_REDUCTION - 1)
          lines.push("    sum := mod(sum, p)");
      }
      const { domain } = members[0]![1];
      lines.push(...this.#multiply("sum", domain.numerator).map((line) => `    ${line}`));
      const inverse = load(this.#addresses.get(key)!);
      lines.push(`    total := addmod(total, mulmod(sum, ${inverse.text}, p), p)`, "}");
    }
    return ["let total := 0", ...lines, "result := total"];
  }
}

const powerName = (logPeriod: number): string => `z^(N/${2 ** logPeriod})`;

const factorName = (factor: Factor): string =>
  factor.kind === "every"
    ? `factor: rows ${factor.offset} mod ${factor.period}`
    : `factor: row ${"fromEnd" in factor ? `N - ${factor.fromEnd}` : factor.fromStart}`;

/** The source of the contract, and how many contracts of periodic columns it takes. */
export function compositionContract(layout: VerifierLayout): string {
  const writer = new CompositionWriter(layout);
  const { memory, columns } = writer;
  const { constraints, mask } = layout.air;
  const { diluted } = layout.definition;

  const powers = writer.powerStatements();
  const cumulative = diluted && writer.address("diluted_check/final_cumulative_value");
  const factors = writer.factorStatements();
  const denominators = writer.denominatorStatements();
  const prefixes = memory.reserve("products of the denominators before each", denominators.count);
  const alphas = memory.reserve("powers of alpha", constraints.length);
  for (const { column } of columns) writer.address(column.name);
  const body = writer.constraintStatements(alphas);
  const buffer = hex(memory.end);
  const periodic = writer.periodicStatements(buffer);
  const contracts = new Set(columns.map(({ contract }) => contract)).size;
  const each = <T>(make: (contract: number) => T): T[] =>
    Array.from({ length: contracts }, (_, contract) => make(contract));

  const logRows = writer.address("log2 of the rows");
  const [z, alpha] = [writer.address("z"), writer.address("alpha")];
  const last = 32 * (denominators.count - 1);
  const lines = [
    "// The input; everything of the memory map is allocated.",
    `mstore(0x40, ${buffer})`,
    `calldatacopy(0x80, words.offset, ${hex(32 * writer.inputWords)})`,
    "let p := PRIME",
    ...writer.maskStatements(),
  ];
  const steps = [
    "let p := PRIME",
    "// Powers of z.",
    ...powers,
    "// Factors of the domains.",
    ...factors,
    "// Denominators of the domains.",
    "let factor",
    ...denominators.lines,
    "// Powers of alpha.",
    "{",
    "    let coefficient := 1",
    `    let alpha := mload(${hex(alpha)})`,
    `    for { let at := ${hex(alphas)} } lt(at, ${hex(alphas + 32 * constraints.length)}) { at := add(at, 0x20) } {`,
    "        mstore(at, coefficient)",
    "        coefficient := mulmod(coefficient, alpha, p)",
    "    }",
    "}",
    "// Periodic columns.",
    ...periodic,
    "// The product of the denominators; the products before each are kept.",
    "divisor := 1",
    `for { let at := 0 } lt(at, ${hex(last + 32)}) { at := add(at, 0x20) } {`,
    `    mstore(add(${hex(prefixes)}, at), divisor)`,
    `    divisor := mulmod(divisor, mload(add(${hex(denominators.first)}, at)), p)`,
    "}",
  ];
  const inversion = [
    "let p := PRIME",
    "// Each denominator gives way to its inverse.",
    `for { let at := ${hex(last + 32)} } at {} {`,
    "    at := sub(at, 0x20)",
    `    let denominator := add(${hex(denominators.first)}, at)`,
    `    let reciprocal := mulmod(divisor, mload(add(${hex(prefixes)}, at)), p)`,
    "    divisor := mulmod(divisor, mload(denominator), p)",
    "    mstore(denominator, reciprocal)",
    "}",
    ...body,
  ];
  const builtins = layout.builtins.reduce(
    (packed, { cells, ratio }, i) =>
      packed |
      ((BigInt(cells) | (BigInt(Math.log2(ratio * layout.rowsPerStep)) << 8n)) << BigInt(16 * i)),
    0n,
  );
  const cumulativeLines =
    diluted === undefined
      ? ""
      : `
        uint256 cumulative = DilutedCheck.cumulativeValue(
            _word(${hex(writer.address("diluted_check/z"))}),
            _word(${hex(writer.address("diluted_check/alpha"))}),
            ${diluted.bits},
            ${diluted.spacing}
        );
        assembly ("memory-safe") {
            mstore(${hex(cumulative!)}, cumulative)
        }`;

  return contractSource({
    title: `The ${constraints.length} constraints of layout "${layout.name}" at a point.`,
    notice: ["@dev Memory map:", ...memoryNotice(memory)],
    imports: [
      ...(diluted ? ['import {DilutedCheck} from "../../DilutedCheck.sol";'] : []),
      'import {Field, MONTGOMERY_INVERSE, PRIME} from "../../Field.sol";',
      'import {IComposition} from "../../ILayout.sol";',
      'import {PublicInput} from "../../PublicInput.sol";',
    ],
    declaration: `contract ${typeName(layout.name)}Composition is IComposition`,
    body: `${each((i) => `    address private immutable _periodic${i};`).join("\n")}

    /// @param periodic The contracts of the periodic columns, in their order.
    constructor(address[] memory periodic) {
        if (periodic.length != ${contracts}) revert WrongLength();
${each((i) => `        _periodic${i} = periodic[${i}];`).join("\n")}
    }

    /// @inheritdoc IComposition
    function shape() external pure returns (PublicInput.Shape memory, Size memory) {
        return (
            PublicInput.Shape({
                layoutCode: ${hex(layoutCode(layout.name))},
                logRowsPerStep: ${Math.log2(layout.rowsPerStep)},
                rangeCheckBits: ${layout.rangeCheckBits},
                logPublicMemoryStep: ${Math.log2(layout.publicMemoryStep)},
                builtinCount: ${layout.builtins.length},
                builtins: ${hex(builtins)}
            }),
            Size({
                traceColumns: ${layout.traceColumns},
                interactionColumns: ${layout.interactionColumns},
                interactionElements: ${layout.interactionElements.length},
                maskCells: ${mask.length}
            })
        );
    }

    function _word(uint256 address_) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(address_)
        }
    }

    /// @inheritdoc IComposition
    function compositionAt(bytes calldata words) external view returns (uint256 result) {
        if (words.length != ${32 * writer.inputWords}) revert WrongLength();
        uint256 excess;
        assembly ("memory-safe") {
${indent(lines, 12)}
        }
        if (excess != 0) revert NotCanonical();
        uint256 logRows = _word(${hex(logRows)});
        if (logRows < ${writer.maxLogPeriod} || logRows > 64) revert WrongLength();${cumulativeLines}
        uint256 power = Field.pow(_word(${hex(z)}), 1 << (logRows - ${writer.maxLogPeriod}));
        uint256 inverse = Field.inverseRootOfUnity(logRows);
${each((i) => `        address periodic${i} = _periodic${i};`).join("\n")}
        uint256 divisor;
        assembly ("memory-safe") {
${indent(steps, 12)}
        }
        if (divisor == 0) revert PoleHit();
        divisor = Field.inverse(divisor);
        assembly ("memory-safe") {
${indent(inversion, 12)}
        }
    }`,
  });
}

/** The map's lines, intermediate values taken together. */
export function memoryNotice(memory: MemoryMap): string[] {
  const lines = memory.describe();
  const intermediate = lines.filter((line) => line.endsWith("intermediate value"));
  const others = lines.filter((line) => !line.endsWith("intermediate value"));
  return [
    ...others,
    ...(intermediate.length > 0
      ? [`${intermediate.length} intermediate values behind or between them`]
      : []),
  ].map((line) => `  ${line}`);
}
