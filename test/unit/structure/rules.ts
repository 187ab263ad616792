import type { Import } from './sources.ts';

/** Folders whose imports have a direction, and what each may reach besides itself. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  core: [],
  pipelines: ['core', 'data', 'server', 'tiles'],
  server: ['core'],
  tiles: ['core'],
  web: ['core', 'tiles'],
  data: ['core'],
};

/** `core` keeps two dependencies; neither the DOM nor Node. */
const CORE_PACKAGES = ['h3-js', 'zod'];

/** Where the server may be reached from inside the pipelines: the `serve` command. */
const SERVE = /^pipelines\/(cli|commands\/serve)\.ts$/;

/** `file:line: what is wrong` for an import that breaks the direction, else null. */
export function directionFault({ from, line, to, inside }: Import): string | null {
  const folder = top(from);
  const allowed = MAY_REACH[folder];
  if (!allowed) return null;
  const fault = (why: string) => `${from}:${line}: ${why}`;
  if (!inside) {
    return folder === 'core' && !CORE_PACKAGES.includes(to)
      ? fault(`core imports ${CORE_PACKAGES.join(' and ')} only, not ${to}`)
      : null;
  }
  const target = top(to);
  if (to.startsWith('..')) return fault(`${to} lies outside the repository`);
  if (target === folder) return null;
  if (!allowed.includes(target)) return fault(`${folder} must not import ${to}`);
  if (target === 'server' && !SERVE.test(from)) return fault(`only the serve command imports the server, not this`);
  return null;
}

function top(path: string): string {
  return path.split('/')[0]!;
}

/** Each cycle once, as `a.ts → b.ts → a.ts`. Imports of types alone close none. */
export function importCycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const { from, to, inside, typeOnly } of imports) {
    if (!inside || typeOnly) continue;
    if (!edges.has(from)) edges.set(from, new Set());
    edges.get(from)!.add(to);
  }
  const cycles = new Map<string, string>();
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const loop = trail.slice(start);
      cycles.set([...loop].sort().join(), [...loop, path].join(' → '));
      return;
    }
    if (finished.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return [...cycles.values()];
}
