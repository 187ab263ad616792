#!/usr/bin/env node
// The `hexsight` command: plain JavaScript that starts the TypeScript.
import { compiled } from './compiled.mjs';

const { main } = await import(await compiled('cli'));
await main(process.argv);
