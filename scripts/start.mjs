// `npm start`: the sample city (or your own data) from nothing to a map in the browser. See docs/running.md.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./start/main.ts');
process.exit(await main(process.argv.slice(2)));
