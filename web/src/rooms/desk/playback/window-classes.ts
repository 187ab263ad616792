/** Classes of one frame, by row of the grid: 0 = not filled, k = class k - 1, `breaks.length + 1` = only in the window before. */
export function windowClasses(
  { now, before }: { readonly now: Uint32Array; readonly before: Uint32Array | null },
  breaks: readonly number[],
  classes: Uint32Array,
): Uint32Array {
  const ghost = breaks.length + 1;
  for (let row = 0; row < now.length; row++) {
    const n = now[row] as number;
    if (n === 0) {
      classes[row] = before !== null && before[row] !== 0 ? ghost : 0;
      continue;
    }
    let found = 1;
    while (found < breaks.length && n >= (breaks[found] as number)) found++;
    classes[row] = found;
  }
  return classes;
}
