import { findPersonal } from './detectors.ts';

const LONGEST = 60;

/** The name of a column as reports, warnings and errors may show it: `…` where it could be about a person, or is no name but a text. */
export function shownName(name: string): string {
  return name.length > LONGEST || findPersonal(name).length > 0 ? '…' : name;
}
