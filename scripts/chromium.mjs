import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of the system that the tests drive: $HEXSIGHT_CHROMIUM, else the first of these on the PATH; or null. */
export function findChromium(env = process.env) {
  if (env.HEXSIGHT_CHROMIUM) return executable(env.HEXSIGHT_CHROMIUM) ? env.HEXSIGHT_CHROMIUM : null;
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin'];
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(executable) ?? null;
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
