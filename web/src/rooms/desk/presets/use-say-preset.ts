import { useCallback } from 'react';
import { type SayPreset, sayPreset } from '../../../i18n/presets-texts.ts';
import { useDesk } from '../../../state/store.ts';

export function useSayPreset(): SayPreset {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayPreset>((key, values) => sayPreset(locale, key, values), [locale]);
}
