import { useCallback } from 'react';
import { type SayTable, sayTable } from '../../../i18n/table-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayTable(): SayTable {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayTable>((key, values) => sayTable(locale, key, values), [locale]);
}
