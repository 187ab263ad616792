import { senseOf } from '../../snapshot/sense.ts';
import { useDocument } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';

/** Day on which an alert was first raised; null = no such alert. */
export function useFindingDay(alert: string | null): number | null {
  const { snapshot } = useSession();
  const { value } = useDocument(senseOf(snapshot).alerts);
  if (alert === null || !value) return null;
  return (
    [...value.alerts, ...value.rest, ...(value.register ?? []), ...value.ended].find(({ id }) => id === alert)?.since ??
    null
  );
}
