import { useReport } from './use-report.ts';
import { useSayWall } from './use-wall.ts';
import './css/console.css';

/** How the wall of this machine is doing. Nothing here is an incident. */
const ROWS = [
  'adoptedAt',
  'uptimeMin',
  'lastAnswer',
  'lostSince',
  'serverOffsetS',
  'refused',
  'swaps',
  'copy',
  'heapMb',
  'heapSlopeMb',
  'frameMs',
  'stage',
  'reloads',
  'contextLosses',
  'mapError',
  'mapRatio',
  'canvas',
  'tiles',
] as const;

export function Health() {
  const say = useSayWall();
  const { report } = useReport();
  return (
    <main className="wall-console">
      <header>
        <h1>{say('health.title')}</h1>
        <p role="status" data-connected={report !== null}>
          {report ? say('console.connected', { id: report.snapshot }) : say('console.alone')}
        </p>
      </header>
      {report && (
        <dl className="wall-health">
          {ROWS.map((key) => (
            <div key={key} data-health={key}>
              <dt>{say(`health.${key}`)}</dt>
              <dd>
                {report.health[key] === null || report.health[key] === undefined ? '—' : String(report.health[key])}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </main>
  );
}
