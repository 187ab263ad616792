// `npm test`: lint, types and every test. `npm test -- unit lint` runs only the parts named. See docs/running.md.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./test/main.ts');
process.exit(await main(process.argv.slice(2)));
