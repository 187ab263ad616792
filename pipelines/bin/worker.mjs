// Worker threads start from plain JavaScript: this registers the TypeScript loader first.
import { register } from 'tsx/esm/api';

register();
await import('../worker.ts');
