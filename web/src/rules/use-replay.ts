import { useEffect, useRef, useState } from 'react';
import type { ReplayAnswer, ReplayReply, ReplayRequest } from './replay-messages.ts';

export type ReplayState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | { readonly kind: 'counting' }
  | { readonly kind: 'answer'; readonly answer: ReplayAnswer }
  | { readonly kind: 'failed'; readonly message: string };

export interface Replay {
  readonly state: ReplayState;
  readonly run: (request: ReplayRequest) => void;
  readonly stop: () => void;
}

/** A replay in a worker of its own, which keeps the incidents until the part is closed. A running one is ended by the next. */
export function useReplay(): Replay {
  const worker = useRef<Worker | null>(null);
  const [state, setState] = useState<ReplayState>({ kind: 'idle' });
  const busy = state.kind === 'reading' || state.kind === 'counting';
  const end = () => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => () => worker.current?.terminate(), []);
  return {
    state,
    run: (request) => {
      if (busy) end();
      worker.current ??= new Worker(new URL('./replay.worker.ts', import.meta.url), {
        type: 'module',
        name: 'rule-replay',
      });
      const own = worker.current;
      own.onmessage = ({ data }: MessageEvent<ReplayReply>) => setState(data);
      own.onerror = (event) => {
        end();
        setState({ kind: 'failed', message: event.message || 'the worker could not be loaded' });
      };
      setState({ kind: 'reading', done: 0, total: 0 });
      own.postMessage(request);
    },
    stop: () => {
      end();
      setState({ kind: 'idle' });
    },
  };
}
