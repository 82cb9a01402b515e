/** What `starknet:gas` shows of blocks on L1, as table and as page. */
import { GAS_GROUPS, type GasGroup } from "../../l1/gas/part.ts";
import { blocksText as rangeText } from "../../starknet/output/range.ts";
import { grouped } from "../../util/amount.ts";

/** The answer of `devnet_getL1Gas` (rpc/format/l1.ts). */
export interface BillAnswer {
  readonly rpc_url: string;
  readonly core_contract_address: string;
  readonly settlement: string;
  readonly from_block: number;
  readonly to_block: number;
  readonly transactions: number;
  readonly share: number;
  readonly gas_used: number;
  readonly updates: readonly UpdateAnswer[];
}

export interface UpdateAnswer {
  readonly from_block: number;
  readonly to_block: number;
  readonly transactions: number;
  readonly asked_transactions: number;
  readonly gas_used: number;
  readonly on_l1: readonly {
    readonly function: string;
    readonly transaction_hash: string;
    readonly calldata_bytes: number;
    readonly gas_used: number;
    readonly parts: readonly {
      readonly group: GasGroup;
      readonly part: string;
      readonly gas: number;
    }[];
  }[];
}

/** A group of parts, added up over updates. */
export interface GroupTotal {
  readonly group: GasGroup;
  readonly gas: number;
  readonly parts: readonly { readonly part: string; readonly gas: number }[];
}

/** Groups that cost something, in their order; they add up to what the updates cost. */
export function totals(updates: readonly UpdateAnswer[]): GroupTotal[] {
  const all = updates.flatMap(({ on_l1 }) => on_l1.flatMap(({ parts }) => parts));
  return GAS_GROUPS.flatMap((group) => {
    const gasOf = new Map<string, number>();
    for (const { part, gas } of all.filter((one) => one.group === group))
      gasOf.set(part, (gasOf.get(part) ?? 0) + gas);
    const parts = [...gasOf].map(([part, gas]) => ({ part, gas }));
    const gas = parts.reduce((sum, one) => sum + one.gas, 0);
    return parts.length === 0 ? [] : [{ group, gas, parts }];
  });
}

export const plural = (count: number, what: string): string =>
  `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;

export const blocksText = ({
  from_block: first,
  to_block: last,
}: {
  from_block: number;
  to_block: number;
}): string => rangeText({ first, last });

export const percent = (gas: number, of: number): string => `${((100 * gas) / of).toFixed(1)} %`;

/** Gas of each, where there is any. */
export const each = (gas: number, count: number): string =>
  count === 0 ? "" : grouped(Math.round(gas / count));

/** What a reader has to know of the figures. */
export function remarks(bill: BillAnswer): string[] {
  const { updates } = bill;
  const [first, last] = [updates[0]!, updates.at(-1)!];
  const wider = first.from_block < bill.from_block || last.to_block > bill.to_block;
  const range = blocksText({ from_block: first.from_block, to_block: last.to_block });
  return [
    bill.transactions === 0
      ? `${blocksText(bill)}: no transactions, which could share this`
      : `${blocksText(bill)}: ${plural(bill.transactions, "transaction")}, ${each(bill.share, bill.transactions)} gas each` +
        (wider ? `, together ${grouped(bill.share)} of the gas above` : ""),
    ...(wider
      ? [`${blocksText(bill)} came to L1 together with others: the gas above is that of ${range}`]
      : []),
    ...(bill.settlement === "unproven"
      ? ['settlement "unproven": nothing is proven or verified, the operator\'s word stands for it']
      : []),
  ];
}
