import { formatLink, type Link, parseLink } from './permalink.ts';
import { type DeskState, linkOf, useDesk } from './store.ts';

/** Browsers limit how often the address may change; a camera at rest is soon enough. */
const WRITE_AFTER_MS = 250;

/**
 * Keeps the address bar equal to the state. Going into a division, to a cell or an alert, or choosing an area is a step that
 * Back undoes.
 */
export function syncUrl(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = linkOf(useDesk.getState());
  const write = () => {
    // Another room has the address now.
    if (!isDesk()) return;
    const link = linkOf(useDesk.getState());
    const url = `${location.pathname}?${formatLink(link)}`;
    if (isStep(written, link)) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    written = link;
  };
  const stop = useDesk.subscribe((state: DeskState, before: DeskState) => {
    if (formatLink(linkOf(state)) === formatLink(linkOf(before))) return;
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_AFTER_MS);
  });
  const onBack = () => {
    if (!isDesk()) return;
    clearTimeout(timer);
    written = { ...parseLink(location.search), snapshot: useDesk.getState().snapshot };
    useDesk.getState().openLink(written);
  };
  window.addEventListener('popstate', onBack);
  write();
  return () => {
    clearTimeout(timer);
    stop();
    window.removeEventListener('popstate', onBack);
  };
}

function isDesk(): boolean {
  return location.pathname === '/desk';
}

function isStep(before: Link, after: Link): boolean {
  const { division, cell, alert, area } = before;
  return division !== after.division || cell !== after.cell || alert !== after.alert || area !== after.area;
}

export function permalink(): string {
  return `${location.origin}${location.pathname}?${formatLink(linkOf(useDesk.getState()))}`;
}
