import { create } from 'zustand';
import type { Theme } from '../map/contract.ts';
import { parseLink } from './permalink.ts';
import { useDesk } from './store.ts';

/** The rooms of the product: first segment of the address. */
export const ROOMS = ['desk', 'wall', 'review'] as const;
export type Room = (typeof ROOMS)[number];

/** An address that names no room leads to the desk. */
export function roomOf(pathname: string): Room {
  const name = pathname.split('/')[1];
  return ROOMS.find((room) => room === name) ?? 'desk';
}

/** A wall is dark unless its own address says otherwise; the other rooms follow the reader's choice. */
export function themeOf(room: Room, chosen: Theme): Theme {
  if (room !== 'wall') return chosen;
  return new URLSearchParams(location.search).get('theme') === 'light' ? 'light' : 'dark';
}

interface RoomState {
  readonly room: Room;
  /** Goes to an address of this product, e.g. `/desk?version=1&alert=…`; Back returns. */
  goTo(url: string): void;
}

export const useRoom = create<RoomState>()((set) => ({
  room: roomOf(location.pathname),
  goTo: (url) => {
    history.pushState(null, '', url);
    const room = roomOf(location.pathname);
    if (room === 'desk' && location.search !== '') openOnDesk(location.search);
    set({ room });
  },
}));

// What the desk shows follows by itself (url.ts).
window.addEventListener('popstate', () => useRoom.setState({ room: roomOf(location.pathname) }));

/** Language and theme stay as they are unless the link names them; the snapshot is the one that is open. */
function openOnDesk(search: string): void {
  const { snapshot, locale, theme, openLink } = useDesk.getState();
  const said = new URLSearchParams(search);
  const link = parseLink(search);
  openLink({
    ...link,
    snapshot,
    locale: said.has('locale') ? link.locale : locale,
    theme: said.has('theme') ? link.theme : theme,
  });
}
