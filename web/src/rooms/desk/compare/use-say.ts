import { useCallback } from 'react';
import { type SayCompare, sayCompare } from '../../../i18n/compare-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayCompare(): SayCompare {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayCompare>((key, values) => sayCompare(locale, key, values), [locale]);
}
