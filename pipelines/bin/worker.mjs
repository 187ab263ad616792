// Worker threads start from plain JavaScript.
import { compiled } from './compiled.mjs';

await import(await compiled('worker', { inherit: true }));
