import { useEffect, useRef } from 'react';

/** Keys while `on`; those of a text field or an input method are left alone, and so are those with a modifier. */
export function useKeys(on: boolean, take: (key: string) => boolean): void {
  const now = useRef(take);
  now.current = take;
  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      // 229: some browsers report composition only in this way.
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      const isText =
        target instanceof HTMLInputElement ||
        target instanceof HTMLTextAreaElement ||
        target instanceof HTMLSelectElement;
      if (isText && event.key !== 'Escape') return;
      if (now.current(event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [on]);
}
