/**
 * Exact McNemar test of two detectors on the same events: two-sided p that a fair coin gives a split as uneven as
 * `onlyFirst` : `onlySecond` or more so. Events found by both or by neither do not count. p = 1 when no event differs.
 *
 *     p = min(1, 2 Σ_{k <= min(b, c)} C(b + c, k) / 2^(b + c))
 *
 * Cost O(b + c). Counts must be whole and not negative, else null.
 * @see McNemar (1947), Psychometrika 12:153; exact form as in Fay (2010), R exact2x2
 */
export function mcnemarP(given: { readonly onlyFirst: number; readonly onlySecond: number }): number | null {
  const { onlyFirst, onlySecond } = given;
  if (![onlyFirst, onlySecond].every((count) => Number.isInteger(count) && count >= 0)) return null;
  const n = onlyFirst + onlySecond;
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(onlyFirst, onlySecond); k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
