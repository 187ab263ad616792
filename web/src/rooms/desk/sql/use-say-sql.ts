import { useCallback } from 'react';
import { type SaySql, saySql } from '../../../i18n/sql-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSaySql(): SaySql {
  const locale = useDesk((state) => state.locale);
  return useCallback<SaySql>((key, values) => saySql(locale, key, values), [locale]);
}
