import { useText } from './use-text.ts';

/** Outlines that were made for a sample and are no real boundaries. */
export function MadeMark() {
  const { t } = useText();
  return (
    <span className="made-mark" title={t('made.explain')}>
      {t('made.mark')}
    </span>
  );
}
