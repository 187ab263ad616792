/** `npm run bench -- <name> [options]`: long measurements, apart from `npm test`. */
import { benchMap } from './map.ts';
import { benchPipeline } from './pipeline.ts';
import { benchStats } from './stats.ts';
import { benchWeb } from './web.ts';

const [name, ...args] = process.argv.slice(2);
if (name === 'pipeline') await benchPipeline(args);
else if (name === 'stats') await benchStats(args);
else if (name === 'web') await benchWeb(args);
else if (name === 'map') await benchMap(args);
else {
  process.stderr.write(
    'usage: npm run bench -- pipeline [--rows 600000] [--folder <folder>] [--json]\n       npm run bench -- stats [--json]\n       npm run bench -- web [--incidents 5000000] [--snapshot <folder>] [--times 1] [--json]\n       npm run bench -- map [--cells 100000] [--losses 20] [--geo-layers <folder>] [--json]\n',
  );
  process.exitCode = 2;
}
