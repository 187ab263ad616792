import { useCallback } from 'react';
import { type SayArea, sayArea } from '../../../i18n/area-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayArea(): SayArea {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayArea>((key, values) => sayArea(locale, key, values), [locale]);
}
