import { useCallback } from 'react';
import { type SayPlace, sayPlace } from '../../../i18n/place-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayPlace(): SayPlace {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayPlace>((key, values) => sayPlace(locale, key, values), [locale]);
}
