import { expect, it } from 'vitest';
import { htmlPage } from '../../../../pipelines/evaluate/html-page.ts';
import { lineChart } from '../../../../pipelines/evaluate/svg-plot.ts';

const chart = lineChart({
  title: 'POD < 1 & rising',
  xLabel: 'x',
  yLabel: 'y',
  xMax: 10,
  yMax: 1,
  series: [
    {
      name: 'a',
      points: [
        { x: 0, y: 0 },
        { x: 10, y: 1, low: 0.5, high: 1 },
        { x: 11, y: 0.2 },
      ],
    },
    { name: 'b', points: [{ x: 5, y: 0.5 }] },
  ],
});

it('a chart draws every point inside its range, its interval, and escapes its words', () => {
  expect(chart.match(/<circle /g)).toHaveLength(3);
  expect(chart).toContain('POD &lt; 1 &amp; rising');
  expect(chart).not.toContain('NaN');
  expect(chart).toContain('stroke-opacity="0.6"');
});

it('a page holds its charts and needs no other file', () => {
  const page = htmlPage({
    title: 'T',
    markdown:
      '# Head\n\nText with `code` & more\n\n![x](a.svg)\n\n| p | q |\n| --- | --- |\n| 1 | <2> |\n\n* one\n* two\n',
    charts: new Map([['a', chart]]),
  });
  expect(page).toContain('<h1>Head</h1>');
  expect(page).toContain('<p>Text with <code>code</code> &amp; more</p>');
  expect(page).toContain('<svg ');
  expect(page).toContain('<td>&lt;2&gt;</td>');
  expect(page).toContain('<li>two</li>');
  expect(page).not.toMatch(/(src|href)=/);
});
