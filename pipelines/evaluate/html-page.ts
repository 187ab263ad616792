import { escaped } from './svg-plot.ts';

/**
 * A report's Markdown as one self-contained HTML page. Knows only what the reports use: headings, paragraphs, tables, lists, inline
 * code, and pictures, whose SVG is put into the page.
 */
export function htmlPage(given: {
  readonly title: string;
  readonly markdown: string;
  readonly charts: ReadonlyMap<string, string>;
}): string {
  const body = given.markdown
    .trim()
    .split('\n\n')
    .map((block) => blockHtml(block, given.charts))
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(given.title)}</title>
<style>body{font:14px/1.5 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}table{border-collapse:collapse;font-size:12px}
td,th{border:1px solid #ccc;padding:3px 7px;text-align:left}code{background:#f2f2f2}</style></head>
<body>
${body}
</body></html>
`;
}

function blockHtml(block: string, charts: ReadonlyMap<string, string>): string {
  const heading = /^(#{1,3}) (.*)$/.exec(block);
  if (heading) return `<h${heading[1]!.length}>${inline(heading[2]!)}</h${heading[1]!.length}>`;
  const picture = /^!\[[^\]]*\]\(([^)]+)\.svg\)$/.exec(block);
  if (picture) return charts.get(picture[1]!) ?? '';
  if (block.startsWith('| ')) return tableHtml(block.split('\n'));
  if (block.startsWith('* '))
    return `<ul>${block
      .split('\n')
      .map((line) => `<li>${inline(line.slice(2))}</li>`)
      .join('')}</ul>`;
  return `<p>${inline(block)}</p>`;
}

function tableHtml(lines: readonly string[]): string {
  const cells = (line: string): string[] => line.slice(2, -2).split(' | ');
  const [head, , ...rows] = lines;
  const tr = (line: string, tag: string): string =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${inline(cell)}</${tag}>`)
      .join('')}</tr>`;
  return `<table><thead>${tr(head!, 'th')}</thead><tbody>${rows.map((line) => tr(line, 'td')).join('')}</tbody></table>`;
}

const inline = (text: string): string => escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>');
