/** Numbers as people read them. */

/** `1234567` as `1,234,567`. */
export const grouped = (value: bigint | number): string =>
  value.toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** An amount with 18 decimals in whole units, at most `digits` of them after the point: `1.5`. */
export function inEther(amount: bigint, digits = 6): string {
  const whole = amount / 10n ** 18n;
  const fraction = (amount % 10n ** 18n)
    .toString()
    .padStart(18, "0")
    .slice(0, digits)
    .replace(/0+$/, "");
  return fraction === "" ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

/** A hash or address shortened for a line of a log: `0x1234ab…89ef`. */
export function short(value: bigint): string {
  const hex = value.toString(16);
  return hex.length <= 12 ? `0x${hex}` : `0x${hex.slice(0, 6)}…${hex.slice(-4)}`;
}
