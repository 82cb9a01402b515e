/** The bill of blocks as lines to read. */
import { grouped } from "../../util/amount.ts";
import { type BillAnswer, blocksText, each, percent, plural, remarks, totals } from "./bill.ts";

/** Lines of columns as wide as their longest text; figures stand to the right, the first and a fifth column to the left. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => (i % 4 === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  return rows.map(line);
}

export function billTable(bill: BillAnswer): string {
  const rows = totals(bill.updates).flatMap(({ group, gas, parts }) => [
    [group, grouped(gas), percent(gas, bill.gas_used)],
    ...parts.map((one) => [`  ${one.part}`, grouped(one.gas), percent(one.gas, bill.gas_used)]),
  ]);
  const updates = bill.updates.map((update) => [
    blocksText(update),
    String(update.transactions),
    grouped(update.gas_used),
    each(update.gas_used, update.transactions),
    update.on_l1.map((one) => `${one.function} ${grouped(one.gas_used)}`).join(", "),
  ]);
  return [
    `Gas on L1 of ${blocksText(bill)}, in ${plural(bill.updates.length, "update")} of ${bill.core_contract_address}`,
    "",
    ...columns([
      ["", "gas", "of all"],
      ...rows,
      ["all", grouped(bill.gas_used), percent(bill.gas_used, bill.gas_used)],
    ]),
    "",
    ...columns([["update", "transactions", "gas", "a transaction", "on L1"], ...updates]),
    "",
    ...remarks(bill),
  ].join("\n");
}
