/**
 * The hints by which Cairo 0 programs read their input: `ids.NAME = program_input['NAME']` and
 * `nondet %{ program_input['NAME'] %}` for a felt, `ids.NAME = segments.gen_arg(program_input['NAME'])` for a
 * pointer to a list of felts.
 */
import { type Felt, mod } from "../../field/felt.ts";
import { ProgramError } from "../errors.ts";
import type { Cairo0Hint, HintLibrary } from "../hints/cairo0/index.ts";
import { nondet } from "../hints/cairo0/library.ts";
import { showJson } from "../hints/operands.ts";

const NAME = /^[A-Za-z_]\w*$/;
const INTEGER = /^-?(0x[0-9a-fA-F]{1,64}|\d{1,78})$/;

function felt(value: unknown, name: string): Felt {
  if (typeof value === "bigint" || Number.isSafeInteger(value))
    return mod(BigInt(value as bigint | number));
  if (typeof value === "string" && INTEGER.test(value))
    return value.startsWith("-") ? mod(-BigInt(value.slice(1))) : mod(BigInt(value));
  throw new ProgramError(`input: "${name}" expected an integer, got ${showJson(value)}`);
}

const feltHint =
  (name: string, value: Felt): Cairo0Hint =>
  (ids) => {
    const write = ids.writer(name);
    return (context) => {
      write(context, value);
    };
  };

const listHint =
  (name: string, values: readonly Felt[]): Cairo0Hint =>
  (ids) => {
    const write = ids.writer(name);
    return (context) => {
      const start = context.memory.addSegment();
      context.memory.write(start, values);
      write(context, start);
    };
  };

/** Hints for each member of the input. Throws ProgramError for what is neither a felt nor a list of felts. */
export function inputHints(input: Readonly<Record<string, unknown>>): HintLibrary {
  const hints = new Map<string, Cairo0Hint>();
  for (const [name, value] of Object.entries(input)) {
    if (!NAME.test(name)) throw new ProgramError(`input: "${name}" is not a name`);
    for (const quote of ["'", '"']) {
      const member = `program_input[${quote}${name}${quote}]`;
      if (Array.isArray(value))
        hints.set(
          `ids.${name} = segments.gen_arg(${member})`,
          listHint(
            name,
            value.map((element: unknown, i) => felt(element, `${name}[${i}]`)),
          ),
        );
      else {
        const only = felt(value, name);
        hints.set(`ids.${name} = ${member}`, feltHint(name, only));
        hints.set(
          `memory[ap] = to_felt_or_relocatable(${member})`,
          nondet(() => () => only),
        );
      }
    }
  }
  return hints;
}
