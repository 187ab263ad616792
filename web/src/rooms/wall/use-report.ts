import { useCallback, useEffect, useRef, useState } from 'react';
import { type Command, type Line, openLine, Report } from './channel.ts';

/** Without a word for so long, no wall is open on this machine. */
const SILENT_MS = 7000;
const ASK_EVERY_MS = 3000;

/** The newest report of the wall (null = none is open), and the way to tell it something. */
export function useReport(): { readonly report: Report | null; readonly command: (command: Command) => void } {
  const [report, setReport] = useState<Report | null>(null);
  const line = useRef<Line<Command> | null>(null);
  useEffect(() => {
    let heardMs = performance.now();
    const opened = openLine<Command, Report>(Report, (heard) => {
      heardMs = performance.now();
      setReport(heard);
    });
    line.current = opened;
    const ask = () => {
      opened.say({ kind: 'hello' });
      if (performance.now() - heardMs > SILENT_MS) setReport(null);
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      line.current = null;
      opened.close();
    };
  }, []);
  const command = useCallback((said: Command) => line.current?.say(said), []);
  return { report, command };
}
