import type { MouseEvent } from 'react';
import type { TextKey } from '../i18n/texts.ts';
import { ROOMS, type Room, useRoom } from '../state/room.ts';
import { useText } from './use-text.ts';

const NAMES: Readonly<Record<Room, TextKey>> = { desk: 'app.desk', wall: 'app.wall', review: 'app.review' };

/** Links between the rooms: real ones, so that another tab or window can be opened from them. */
export function RoomNav() {
  const { t } = useText();
  const here = useRoom((state) => state.room);
  return (
    <nav className="room-nav" aria-label={t('app.rooms')}>
      {ROOMS.map((room) => (
        <a
          key={room}
          href={`/${room}`}
          aria-current={room === here ? 'page' : undefined}
          onClick={(e) => follow(e, room)}
        >
          {t(NAMES[room])}
        </a>
      ))}
    </nav>
  );
}

function follow(event: MouseEvent, room: Room): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (useRoom.getState().room !== room) useRoom.getState().goTo(`/${room}`);
}
