import { type MouseEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { SOURCE_KINDS } from '../../../../../core/incident/dimensions.ts';
import {
  absentFor,
  type DeskPreset,
  isShown,
  ownPresets,
  PRESETS,
  presetLink,
  presetNamed,
} from '../../../presets/presets.ts';
import { weekStates } from '../../../sense/week-states.ts';
import { formatLink, type Link } from '../../../state/permalink.ts';
import { linkOf, useDesk } from '../../../state/store.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useSayPreset } from './use-say-preset.ts';

/** The way through the desk: nine named views, by key, click or link. One that the snapshot cannot show says why, and changes nothing. */
export function PresetStrip() {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const say = useSayPreset();
  const { label } = useText();
  const wanted = useDesk((desk) => desk.preset);
  const present = usePresent();
  const coverage = useDocument(snapshot.coverage);
  const [refused, setRefused] = useState<string | null>(null);
  // The last full week is not known before: a preset asked for earlier waits.
  const own = useDocument(useCallback(() => ownPresets(snapshot), [snapshot]));
  const presets = own.value ?? PRESETS;
  const known =
    (coverage.value !== null || coverage.failed !== null || !has(manifest, 'coverage.json')) &&
    (own.value !== null || own.failed !== null || !has(manifest, 'presets.json'));
  const ground = useMemo(
    () => ({ manifest, usable: weekStates(manifest, coverage.value).usable }),
    [manifest, coverage.value],
  );

  useEffect(() => {
    if (wanted === null || !known) return;
    const { openLink, choosePreset } = useDesk.getState();
    const preset = presetNamed(wanted, presets);
    if (preset && !absentFor(preset, manifest)) {
      setRefused(null);
      openLink({ ...presetLink(preset, linkOf(useDesk.getState()), ground), preset: null });
      return;
    }
    setRefused(wanted);
    choosePreset(null);
  }, [wanted, known, manifest, ground, presets]);

  const shown = known ? presets.find((preset) => isShown(preset, present, ground)) : undefined;
  const choose = (event: MouseEvent, preset: DeskPreset) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    useDesk.getState().choosePreset(preset.id);
  };
  const whyNot = (name: string): string => {
    const preset = presetNamed(name, presets);
    if (!preset) return say('strip.unknown', { name });
    const absent = absentFor(preset, manifest);
    if (absent?.kind === 'source')
      return say('strip.absentSource', { name: label(preset.name), kind: label(SOURCE_KINDS[absent.of]) });
    return say('strip.absentFile', { name: label(preset.name), path: absent?.path ?? '' });
  };
  return (
    <>
      <nav className="preset-strip" aria-label={say('strip.label')} data-preset={shown?.id ?? ''} data-ready={known}>
        <ol>
          {presets.map((preset, i) => (
            <li key={preset.id} data-step={i < STEPS}>
              <a
                href={`/desk?version=1&preset=${preset.id}`}
                aria-current={preset === shown ? 'true' : undefined}
                aria-disabled={absentFor(preset, manifest) !== null || undefined}
                title={absentFor(preset, manifest) ? whyNot(preset.id) : label(preset.question)}
                data-preset-id={preset.id}
                onClick={(event) => choose(event, preset)}
              >
                <kbd>{i + 1}</kbd> {label(preset.name)}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      {refused === null ? (
        <p className="preset-question fine">{shown ? label(shown.question) : say('strip.hint')}</p>
      ) : (
        <p className="preset-question mark warn" role="alert">
          {whyNot(refused)}{' '}
          <button type="button" className="quiet" onClick={() => setRefused(null)}>
            {say('strip.dismiss')}
          </button>
        </p>
      )}
    </>
  );
}

/** The first five follow each other; the rest stand for themselves. */
const STEPS = 5;

const has = ({ files }: { readonly files: readonly { readonly path: string }[] }, wanted: string): boolean =>
  files.some(({ path }) => path === wanted);

/** The link of what is shown, the same object while it says the same; the camera moves without it. */
function usePresent(): Link {
  const text = useDesk((desk) => formatLink({ ...linkOf(desk), view: null }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what it depends on
  return useMemo(() => linkOf(useDesk.getState()), [text]);
}
