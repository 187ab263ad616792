import { useCallback } from 'react';
import { formatNumber, labelOf, type Translate, translate } from '../i18n/texts.ts';
import type { Locale } from '../map/contract.ts';
import { useDesk } from '../state/store.ts';

export interface Text {
  readonly t: Translate;
  readonly locale: Locale;
  readonly number: (value: number, digits?: number) => string;
  readonly label: (label: { readonly zh: string; readonly en: string }) => string;
}

export function useText(): Text {
  const locale = useDesk((state) => state.locale);
  const t = useCallback<Translate>((key, values) => translate(locale, key, values), [locale]);
  const number = useCallback((value: number, digits = 0) => formatNumber(value, locale, digits), [locale]);
  const label = useCallback((value: { readonly zh: string; readonly en: string }) => labelOf(value, locale), [locale]);
  return { t, locale, number, label };
}
