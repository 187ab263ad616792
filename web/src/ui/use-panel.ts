import { createContext, useContext, useEffect, useState } from 'react';
import type { Session } from '../app/session.ts';
import type { Panel, PanelState } from '../query/coordinator.ts';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no snapshot is open here');
  return session;
}

const LOADING: PanelState<never> = { status: 'loading', previous: null };

/** Asks while the component is on screen. null = nothing to ask. */
export function usePanel<T>(panel: Panel<T> | null): PanelState<T> {
  const { coordinator } = useSession();
  const [state, setState] = useState<PanelState<T>>(LOADING);
  useEffect(() => (panel ? coordinator.mount(panel, setState) : undefined), [coordinator, panel]);
  return state;
}

/** The value to draw: the present one, else the last one while a newer is on its way. */
export function shownValue<T>(state: PanelState<T>): T | null {
  return state.status === 'ready' ? state.value : state.previous;
}
