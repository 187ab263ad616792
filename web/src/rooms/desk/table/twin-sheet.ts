import { verdictWords } from '../../../../../core/metric/verdict-words.ts';
import type { Column, Sheet } from '../../../export/sheet.ts';
import type { SayTable } from '../../../i18n/table-texts.ts';
import type { Locale } from '../../../map/contract.ts';
import type { Counts, TwinGroup } from './twin.ts';
import { NO_GROUP, TOTAL } from './use-compared.ts';
import type { TwinTable } from './use-twin.ts';

/** What of the table is written down: groups in the order on screen, what belongs to no group, and the total. */
export function twinSheet(
  table: TwinTable,
  groups: readonly TwinGroup[],
  { say, locale, nameHead }: { readonly say: SayTable; readonly locale: Locale; readonly nameHead: string },
): Sheet {
  const { twin } = table;
  const compares = twin.grouping.by !== 'hour';
  const columns: Column[] = [
    { name: nameHead, kind: 'text' },
    { name: say('column.code'), kind: 'text' },
    { name: say('column.n'), kind: 'whole' },
    { name: say('column.sharePercent'), kind: 'number' },
  ];
  if (compares)
    columns.push(
      { name: say('column.before'), kind: 'whole' },
      { name: say('column.after'), kind: 'whole' },
      { name: say('column.changePercent'), kind: 'number' },
      { name: say('column.verdict'), kind: 'text' },
    );
  const line = (name: string, code: string | null, id: number, counts: Counts) => {
    const share = twin.total.n > 0 ? Math.round((counts.n / twin.total.n) * 1e4) / 100 : null;
    const comparison = compares ? table.compare(id, counts) : null;
    const compared = comparison?.kind === 'compared' ? comparison : null;
    const words = comparison && verdictWords(comparison);
    return [
      name,
      code,
      counts.n,
      share,
      ...(compares
        ? [
            compared ? counts.before : null,
            compared ? counts.after : null,
            compared?.percent == null ? null : Math.round(compared.percent * 10) / 10,
            words && (locale === 'en' ? words.en : words.zh),
          ]
        : []),
    ];
  };
  return {
    columns,
    rows: [
      ...groups.map((group) => line(table.name(group.id), table.code(group.id), group.id, group)),
      ...twin.others.map((other) => line(say(`other.${other.kind}`), null, NO_GROUP, other)),
      totalLine(),
    ],
  };

  function totalLine() {
    const all = twin.grouping.by === 'week' ? { ...twin.total, after: 0, before: 0 } : twin.total;
    const cells = line(say('total'), null, TOTAL, all);
    // Weeks are compared one by one; their sum with itself a week earlier says nothing.
    return twin.grouping.by === 'week' ? [...cells.slice(0, 4), null, null, null, null] : cells;
  }
}
