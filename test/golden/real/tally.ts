/** How often each key occurs. */
export type Tally = Map<string, number>;

export function tally<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  weightOf: (item: T) => number = () => 1,
): Tally {
  const counts: Tally = new Map();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + weightOf(item)); // a key not seen yet has been seen 0 times
  }
  return counts;
}

/** Where two tallies differ, in words; empty = they agree. */
export function differences(expected: Tally, found: Tally): string[] {
  const lines: string[] = [];
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    const [wanted, got] = [expected.get(key) ?? 0, found.get(key) ?? 0]; // absent from a tally = occurs 0 times
    if (wanted !== got) lines.push(`${key}: expected ${wanted}, found ${got}`);
  }
  return lines.length > 12 ? [...lines.sort().slice(0, 12), `… and ${lines.length - 12} more`] : lines.sort();
}
