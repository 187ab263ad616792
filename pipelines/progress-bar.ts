import type { Progress } from './progress.ts';

const WORDS: Readonly<Record<string, string>> = {
  inputs: '清点文件 inputs',
  grid: '建立网格 grid',
  ingest: '读取入库 ingest',
  store: '去重存储 store',
  publish: '汇总发布 publish',
  sense: '感知研判 sense',
  'osm relations': '读取 OSM 关系 osm relations',
  'osm features': '读取 OSM 要素 osm features',
  layers: '读取图层 layers',
  tiles: '切片 tiles',
  'generate divisions': '生成区划 divisions',
  'generate plants': '埋设真值 plants',
  'generate weeks': '生成事件 incidents by week',
};

/** One line on stderr: stage, done of total, rate, time left. Quiet when stderr is no terminal: then one line a stage. */
export function progressBar(
  stream: NodeJS.WriteStream,
  nowMs: () => number,
  quiet: boolean,
): { report: Progress; end: () => void } {
  if (quiet) return { report: () => undefined, end: () => undefined };
  let stage = '';
  let startedMs = 0;
  let drawnMs = 0;
  const terminal = stream.isTTY === true;
  return {
    report: ({ stage: name, done, total, unit }) => {
      const label = WORDS[name] ?? name;
      const now = nowMs();
      if (name !== stage) {
        if (terminal && stage !== '') stream.write('\n');
        stage = name;
        startedMs = now;
        drawnMs = 0;
        if (!terminal) stream.write(`${label}\n`);
      }
      if (!terminal || (now - drawnMs < 100 && done !== total)) return;
      drawnMs = now;
      const seconds = (now - startedMs) / 1000;
      const rate = seconds > 0.5 ? done / seconds : 0; // too early to tell
      const left = total !== null && rate > 0 ? `, 剩余 ${Math.ceil((total - done) / rate)} s left` : '';
      const amount =
        unit === 'bytes' ? (n: number) => `${(n / 1e6).toFixed(1)} MB` : (n: number) => n.toLocaleString('en-US');
      const share = total
        ? ` ${'█'.repeat(Math.round((done / total) * 20)).padEnd(20, '·')} ${Math.floor((done / total) * 100)} %`
        : '';
      stream.write(
        `\r\u001b[2K${label}${share}  ${amount(done)}${total === null ? '' : ` / ${amount(total)}`} ${unit}${rate > 0 ? `, ${amount(Math.round(rate))}/s` : ''}${left}`,
      );
    },
    end: () => {
      if (terminal && stage !== '') stream.write('\n');
    },
  };
}
