/** The bill of blocks as a page of its own: charts in SVG and the tables they show, nothing from elsewhere. */
import type { GasGroup } from "../../l1/gas/part.ts";
import { grouped } from "../../util/amount.ts";
import {
  type BillAnswer,
  blocksText,
  each,
  type GroupTotal,
  percent,
  plural,
  remarks,
  totals,
  type UpdateAnswer,
} from "./bill.ts";

const escape = (text: string | number): string =>
  String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Names of the groups' colours in the style sheet. */
const COLOURS: Readonly<Record<GasGroup, string>> = {
  verification: "verification",
  "fact without a proof": "fact",
  "state diff": "diff",
  "messages to L1": "to-l1",
  "messages to L2": "to-l2",
  update: "update",
  "floor of calldata": "floor",
};

/** Dark and light colours of about the same contrast to their background (above 3 to 1). */
const STYLE = `
:root { color-scheme: light dark; --text: #1c1c22; --back: #ffffff; --line: #c9c9d1;
  --verification: #4053b5; --fact: #4053b5; --diff: #0d7d6c; --to-l1: #b5541c; --to-l2: #8a6d00; --update: #6b6b78; --floor: #a32c5c; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8ee; --back: #16161b; --line: #44444f;
  --verification: #93a4ff; --fact: #93a4ff; --diff: #4fd0b8; --to-l1: #ff9d63; --to-l2: #e0c24a; --update: #a5a5b4; --floor: #ff86b3; } }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; } svg text { fill: var(--text); }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.8rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child, td:first-child, .left { text-align: left; } tbody th { font-weight: 600; } code { overflow-wrap: anywhere; }
td.part { padding-left: 2rem; } .legend span { margin-right: 1.2rem; white-space: nowrap; } .legend svg { width: 0.8rem; height: 0.8rem; }
${Object.values(COLOURS)
  .map((name) => `.${name} { fill: var(--${name}); }`)
  .join(" ")}`;

const WIDTH = 1_000;
const LABELS = 340;
const FIGURES = 110;
const ROW = 22;
const BARS = WIDTH - LABELS - FIGURES;

interface Bar {
  readonly label: string;
  readonly gas: number;
  readonly pieces: readonly { readonly group: GasGroup; readonly gas: number }[];
}

/** Horizontal bars, each of one or more pieces; a refund has no length. */
function chart(id: string, title: string, description: string, bars: readonly Bar[]): string {
  const longest = Math.max(1, ...bars.map(({ pieces }) => lengthOf(pieces)));
  const rows = bars.map(({ label, gas, pieces }, i) => {
    let x = LABELS;
    const rectangles = pieces.map((piece) => {
      const width = (BARS * Math.max(0, piece.gas)) / longest;
      const rectangle = `<rect class="${COLOURS[piece.group]}" x="${x.toFixed(1)}" y="${i * ROW + 4}" width="${width.toFixed(1)}" height="${ROW - 8}"><title>${escape(`${label}, ${piece.group}: ${grouped(piece.gas)}`)}</title></rect>`;
      x += width;
      return rectangle;
    });
    const y = i * ROW + 16;
    return [
      `<text x="${LABELS - 8}" y="${y}" text-anchor="end">${escape(label)}</text>`,
      ...rectangles,
      `<text x="${(x + 6).toFixed(1)}" y="${y}">${grouped(gas)}</text>`,
    ].join("");
  });
  return `<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img" aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${escape(title)}</title>
<desc id="${id}-description">${escape(description)}</desc>
${rows.join("\n")}
</svg>`;
}

const lengthOf = (pieces: Bar["pieces"]): number =>
  pieces.reduce((sum, { gas }) => sum + Math.max(0, gas), 0);

const partsChart = (groups: readonly GroupTotal[], all: number): string =>
  chart(
    "parts",
    "Gas by what it is paid for",
    groups.map(({ group, gas }) => `${group}: ${grouped(gas)} (${percent(gas, all)})`).join("; "),
    groups.flatMap(({ group, parts }) =>
      parts.map(({ part, gas }) => ({
        label: `${group}: ${part}`.replace(/ \(.*\)$/, ""),
        gas,
        pieces: [{ group, gas }],
      })),
    ),
  );

const updatesChart = (updates: readonly UpdateAnswer[]): string =>
  chart(
    "updates",
    "Gas of each update",
    updates.map((update) => `${blocksText(update)}: ${grouped(update.gas_used)}`).join("; "),
    updates.map((update) => ({
      label: `${blocksText(update)}, ${plural(update.transactions, "transaction")}`,
      gas: update.gas_used,
      pieces: totals([update]),
    })),
  );

const legend = (groups: readonly GroupTotal[]): string => {
  const names = groups.map(
    ({ group }) =>
      `<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${COLOURS[group]}" width="10" height="10" /></svg> ${escape(group)}</span>`,
  );
  return `<p class="legend">${names.join(" ")}</p>`;
};

const row = (cells: readonly string[]): string => `<tr>${cells.join("")}</tr>`;
const head = (names: readonly string[]): string =>
  `<thead>${row(names.map((name) => `<th scope="col">${escape(name)}</th>`))}</thead>`;
const cell = (text: string | number, kind = ""): string =>
  `<td${kind === "" ? "" : ` class="${kind}"`}>${escape(text)}</td>`;
const rowHead = (text: string): string => `<th scope="row">${escape(text)}</th>`;

function partsTable(groups: readonly GroupTotal[], all: number): string {
  const rows = groups.flatMap(({ group, gas, parts }) => [
    row([rowHead(group), cell(grouped(gas)), cell(percent(gas, all))]),
    ...parts.map((one) =>
      row([cell(one.part, "part"), cell(grouped(one.gas)), cell(percent(one.gas, all))]),
    ),
  ]);
  const total = row([rowHead("all"), cell(grouped(all)), cell(percent(all, all))]);
  return `<table>${head(["paid for", "gas", "of all"])}<tbody>${rows.join("\n")}${total}</tbody></table>`;
}

function updatesTable(updates: readonly UpdateAnswer[]): string {
  const rows = updates.map((update) => {
    const sent = update.on_l1.map(
      (one) =>
        `<div>${escape(`${one.function}: ${grouped(one.gas_used)} gas, ${grouped(one.calldata_bytes)} bytes`)}<br /><code>${escape(one.transaction_hash)}</code></div>`,
    );
    return row([
      rowHead(blocksText(update)),
      cell(update.transactions),
      cell(grouped(update.gas_used)),
      cell(each(update.gas_used, update.transactions)),
      `<td class="left">${sent.join("")}</td>`,
    ]);
  });
  const names = ["update", "transactions", "gas", "a transaction", "transactions on L1"];
  return `<table>${head(names)}<tbody>${rows.join("\n")}</tbody></table>`;
}

export function billPage(bill: BillAnswer): string {
  const groups = totals(bill.updates);
  const title = `Gas on L1 of ${blocksText(bill)}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${grouped(bill.gas_used)} gas in ${plural(bill.updates.length, "update")} of the core contract <code>${escape(bill.core_contract_address)}</code>.</p>
<ul>${remarks(bill)
    .map((remark) => `<li>${escape(remark)}</li>`)
    .join("")}</ul>
<h2>By what it is paid for</h2>
${partsChart(groups, bill.gas_used)}
${partsTable(groups, bill.gas_used)}
<h2>By update</h2>
${legend(groups)}
${updatesChart(bill.updates)}
${updatesTable(bill.updates)}
</main>
</body>
</html>
`;
}
