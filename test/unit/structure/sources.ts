import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface Source {
  /** Relative to the repository, `/` between segments. */
  readonly path: string;
  readonly text: string;
}

/** Files that git tracks or would track: a new file counts before it is committed. */
export function repositoryFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return list.split('\0').filter((path) => path !== '');
}

export function readSources(paths: readonly string[]): Source[] {
  return paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
    } catch {
      // Deleted in the work tree, not yet in the index.
      return [];
    }
  });
}

export interface Import {
  readonly from: string;
  readonly line: number;
  /** A file of the repository (`core/grid/disk.ts`), or the name of a package, or `node:…`. */
  readonly to: string;
  readonly inside: boolean;
  /** Types leave no trace at run time: they count for the direction, not for cycles. */
  readonly typeOnly: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Static and dynamic imports, re-exports, `import('…')` types, and `new URL('…', import.meta.url)` of workers. */
export function importsOf({ path, text }: Source): Import[] {
  const found: Import[] = [];
  const add = (node: Node, specifier: unknown, typeOnly: boolean) => {
    if (typeof specifier !== 'string') return;
    const inside = specifier.startsWith('.');
    const bare = specifier.split(/[?#]/)[0]!;
    const to = inside ? posix.join(posix.dirname(path), bare) : packageOf(bare);
    found.push({ from: path, line: lineAt(text, node.start), to, inside, typeOnly });
  };
  walk(path, text, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        return add(node, literal(node.source), node.importKind === 'type');
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        return add(node, literal(node.source), node.exportKind === 'type');
      case 'ImportExpression':
        return add(node, literal(node.source), false);
      case 'TSImportType':
        return add(node, literal(node.source), true);
      case 'NewExpression': {
        const [specifier, base] = (node.arguments as Node[] | undefined) ?? [];
        const relative = literal(specifier);
        const isUrl =
          (node.callee as Node).name === 'URL' && base !== undefined && /import\.meta\.url/.test(slice(text, base));
        if (isUrl && typeof relative === 'string' && /^\..*\.(ts|tsx|mjs|js)$/.test(relative))
          add(node, relative, true);
        return;
      }
    }
  });
  return found;
}

export interface Call {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** Reads of a clock or of chance: `Date.now()`, `performance.now()`, `new Date()`, `Date()`, `Math.random()`, … */
export function impureCalls({ path, text }: Source): Call[] {
  const found: Call[] = [];
  walk(path, text, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    const callee = slice(text, node.callee as Node)
      .replace(/\s|\?/g, '')
      .replace(/^globalThis\./, '');
    const withoutArguments = (node.arguments as Node[]).length === 0;
    const impure =
      /^(Date\.now|performance\.now|Math\.random|process\.hrtime(\.bigint)?|(crypto\.)?(randomUUID|randomBytes|getRandomValues|randomInt))$/.test(
        callee,
      ) ||
      (callee === 'Date' && (withoutArguments || node.type === 'CallExpression')) ||
      callee === 'Temporal.Now.instant';
    if (impure) found.push({ path, line: lineAt(text, node.start), name: `${callee}()` });
  });
  return found;
}

function walk(path: string, text: string, visit: (node: Node) => void): void {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const descend = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) descend(each);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && typeof value.type === 'string') visit(value as Node);
    for (const each of Object.values(value)) descend(each);
  };
  descend(program);
}

function literal(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'value' in node ? node.value : undefined;
}

function slice(text: string, node: Node): string {
  return text.slice(node.start, node.end as number);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** `@scope/name/deep` → `@scope/name`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
