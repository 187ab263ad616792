import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useText } from '../../../ui/use-text.ts';
import { type Completions, completionsAt, type NamedCode } from './completion.ts';
import type { ConsoleTable } from './tables.ts';
import { useSaySql } from './use-say-sql.ts';

interface SqlEditorProps {
  readonly text: string;
  readonly tables: readonly ConsoleTable[];
  readonly codes: readonly NamedCode[];
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** A text area with a list of what may follow. Ctrl+Enter runs; nothing is offered while an input method composes. */
export function SqlEditor({ text, tables, codes, onChange, onRun }: SqlEditorProps) {
  const say = useSaySql();
  const { label } = useText();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [offer, setOffer] = useState<Completions | null>(null);
  const [chosen, setChosen] = useState(0);
  const [at, setAt] = useState({ left: 0, top: 0 });

  const ask = (forced: boolean) => {
    const element = area.current;
    if (!element) return;
    const { selectionStart: caret, selectionEnd, value } = element;
    const found = caret === selectionEnd ? completionsAt(value, caret, { tables, codes, forced }) : null;
    setChosen(0);
    setOffer(found);
    if (found && mirror.current) setAt(caretPlace(mirror.current, element, found.start));
  };
  const take = (index: number) => {
    const option = offer?.options[index];
    const element = area.current;
    if (!option || !offer || !element) return;
    // Through the browser's own editing, so that Ctrl+Z takes it back.
    element.focus();
    element.setSelectionRange(offer.start, offer.end);
    if (!document.execCommand('insertText', false, option.text))
      element.setRangeText(option.text, offer.start, offer.end, 'end');
    onChange(element.value);
    setOffer(null);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const used = ((): boolean => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        setOffer(null);
        onRun();
        return true;
      }
      if (event.key === ' ' && event.ctrlKey) {
        ask(true);
        return true;
      }
      if (!offer) return false;
      const { length } = offer.options;
      if (event.key === 'ArrowDown') setChosen((present) => (present + 1) % length);
      else if (event.key === 'ArrowUp') setChosen((present) => (present + length - 1) % length);
      else if (event.key === 'Tab' || event.key === 'Enter') take(chosen);
      else if (event.key === 'Escape') setOffer(null);
      else return false;
      return true;
    })();
    if (used) {
      event.preventDefault();
      // Esc closes the list, not the console.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
    }
  };
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  return (
    <div className="sql-editor">
      <textarea
        ref={area}
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        aria-label={say('editor.label')}
        placeholder={say('editor.placeholder')}
        role="combobox"
        aria-expanded={offer !== null}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={offer ? `${id}-${chosen}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          if ((event.nativeEvent as InputEvent).isComposing) setOffer(null);
          else ask(false);
        }}
        onCompositionEnd={() => ask(false)}
        onKeyDown={onKey}
        onBlur={() => setOffer(null)}
        onScroll={() => setOffer(null)}
      />
      <div ref={mirror} className="sql-mirror" aria-hidden="true" />
      {offer && (
        <div
          id={`${id}-list`}
          className="sql-offer"
          role="listbox"
          tabIndex={-1}
          style={at}
          aria-label={say('editor.offer')}
        >
          {offer.options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text area has the keys
            <div
              key={`${option.kind} ${option.text}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              data-kind={option.kind}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(index)}
            >
              <code>{option.text}</code>
              <span>{label(option.says)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** Below the character at `index`, in pixels of the editor: measured in a copy with the same text and style. */
function caretPlace(mirror: HTMLElement, area: HTMLTextAreaElement, index: number): { left: number; top: number } {
  mirror.textContent = area.value.slice(0, index);
  const mark = document.createElement('span');
  mark.textContent = '\u200b';
  mirror.append(mark);
  const left = mark.offsetLeft;
  const top = mark.offsetTop + mark.offsetHeight - area.scrollTop;
  mirror.textContent = '';
  return { left: Math.min(left, Math.max(0, area.clientWidth - 320)), top };
}
