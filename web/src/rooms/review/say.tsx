import { Fragment, type MouseEvent, type ReactNode, useCallback } from 'react';
import { type Figure, figureText, isFigure, type Sentence } from '../../../../core/brief/figure.ts';
import { type SayReview, saidReview } from '../../i18n/review-texts.ts';
import { useRoom } from '../../state/room.ts';
import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { deskUrl } from './query-link.ts';

export function useReview(): SayReview {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayReview>((key, values) => saidReview(locale, key, values), [locale]);
}

/** A number that opens its query on the desk. */
export function FigureLink({ figure }: { readonly figure: Figure }) {
  const { snapshot } = useSession();
  const { locale } = useText();
  const theme = useDesk((desk) => desk.theme);
  const say = useReview();
  const url = deskUrl(figure.query, snapshot, { locale, theme });
  return (
    <a
      className="figure"
      href={url}
      title={say('figure.open')}
      data-metric={figure.metric}
      data-value={figure.value ?? ''}
      onClick={(event) => follow(event, url)}
    >
      {figureText(figure, locale === 'en' ? 'en' : 'zh')}
    </a>
  );
}

function follow(event: MouseEvent, url: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  useRoom.getState().goTo(url);
}

/** A sentence of the brief, its figures as links. The words of a part may hold figures themselves. */
export function Said({ of }: { readonly of: Sentence }) {
  const { locale } = useText();
  const language = locale === 'en' ? 'en' : 'zh';
  const draw = (text: string, depth: number): ReactNode[] =>
    text.split(/(\{\w+\})/).map((piece, i) => {
      const part = /^\{\w+\}$/.test(piece) ? of.parts[piece.slice(1, -1)] : undefined;
      // biome-ignore lint/suspicious/noArrayIndexKey: the place in the sentence
      if (part === undefined) return <Fragment key={i}>{piece}</Fragment>;
      // biome-ignore lint/suspicious/noArrayIndexKey: the place in the sentence
      if (isFigure(part)) return <FigureLink key={i} figure={part} />;
      // biome-ignore lint/suspicious/noArrayIndexKey: the place in the sentence
      return <Fragment key={i}>{depth > 1 ? part[language] : draw(part[language], depth + 1)}</Fragment>;
    });
  return (
    <span>
      {draw(of.words[language], 0)}
      {language === 'en' && ' '}
    </span>
  );
}
