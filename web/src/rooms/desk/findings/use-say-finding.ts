import { useCallback } from 'react';
import { type SayFinding, sayFinding } from '../../../i18n/findings-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayFinding(): SayFinding {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayFinding>((key, values) => sayFinding(locale, key, values), [locale]);
}
