import { useCallback } from 'react';
import { type SayLayers, sayLayers } from '../../../i18n/layers-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayLayers(): SayLayers {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayLayers>((key, values) => sayLayers(locale, key, values), [locale]);
}
