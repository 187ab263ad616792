const EXPORTED = /^export (?:function|const|class) (\w+)/gm;

/** A module with the same names and nothing behind them; null = it exports nothing by name. */
export function emptied(code: string, value: "''" | '() => undefined'): string | null {
  const names = [...code.matchAll(EXPORTED)].map(([, name]) => name);
  return names.length === 0 ? null : names.map((name) => `export const ${name} = ${value};`).join('\n');
}
