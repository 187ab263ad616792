import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AlertRules } from '../../core/contract/alert-rules.ts';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { type DeskPreset, DeskPresets, presetProblems } from '../../core/contract/presets.ts';
import {
  Calendar,
  CategoryNode,
  HolidayNotice,
  Mapping,
  type Profile,
  parseProfile,
} from '../../core/contract/profile.ts';
import { RiskRules } from '../../core/contract/risk-rules.ts';
import { categoryDictionary } from '../../core/incident/category-tree.ts';
import { type CityCalendar, cityCalendar } from '../../core/time/city-calendar.ts';
import { ConfigError } from '../errors.ts';

export const PROFILES_ROOT = fileURLToPath(new URL('../../data/profiles/', import.meta.url));
const RISK_FILE = fileURLToPath(new URL('../../data/risk.json', import.meta.url));
const CALENDARS_ROOT = fileURLToPath(new URL('../../data/calendars/', import.meta.url));
const ALERT_RULES_FILE = fileURLToPath(new URL('../../data/alert-rules.json', import.meta.url));
const CATEGORIES_FILE = fileURLToPath(new URL('../../data/categories.json', import.meta.url));

export interface LoadedProfile {
  readonly profile: Profile;
  /** Absolute folder of the profile. */
  readonly folder: string;
  readonly categories: readonly CategoryEntry[];
  readonly mapping: Mapping;
  /** `calendar.json` as it stands. */
  readonly calendar: Calendar;
  /** The same with the national holidays it refers to. */
  readonly days: CityCalendar;
  /** The profile's own `alert-rules.json`, else `data/alert-rules.json`. */
  readonly alertRules: AlertRules;
  /** Weights of the index of places: `risk.json` of the profile, else `data/risk.json`. */
  readonly risk: RiskRules;
  /** `presets.json` of the profile; null = it has none, and the desk shows its own. */
  readonly presets: readonly DeskPreset[] | null;
  /** SHA-256 over the resolved configuration: profile, mapping, calendar, categories, rules, weights, presets. */
  readonly hash: string;
}

/** Names of the profiles that come with the product. */
export function profileNames(): string[] {
  return readdirSync(PROFILES_ROOT)
    .filter((name) => existsSync(join(PROFILES_ROOT, name, 'profile.json')))
    .sort();
}

/** @param nameOrFolder a name below data/profiles, or a folder that holds profile.json
 *  @throws ConfigError with every problem and its JSON path */
export function loadProfile(nameOrFolder: string): LoadedProfile {
  const folder = profileFolder(nameOrFolder);
  const problems: string[] = [];
  const read = (file: string): unknown => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (cause) {
      problems.push(`${basename(file)}: ${(cause as Error).message}`);
      return undefined;
    }
  };
  const raw = read(join(folder, 'profile.json'));
  if (raw === undefined) throw new ConfigError(`profile ${nameOrFolder}`, problems);
  const parsed = parseProfile(raw);
  if (!parsed.ok) throw new ConfigError(`${basename(folder)}/profile.json`, parsed.problems);
  const profile = parsed.profile;
  const part = <T>(schema: z.ZodType<T>, file: string): T | undefined => {
    const value = read(file);
    if (value === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      problems.push(`${basename(file)}: $.${issue.path.join('.')}: ${issue.message}`);
    return undefined;
  };
  const mapping = part(Mapping, join(folder, profile.mapping));
  const calendar = part(Calendar, join(folder, profile.calendar));
  const country = calendar?.holidaysFrom;
  const notices = country ? yearFiles(country).map((file) => part(HolidayNotice, file)) : [];
  const tree = part(z.array(CategoryNode), CATEGORIES_FILE);
  const ownRules = join(folder, 'alert-rules.json');
  const alertRules = part(AlertRules, existsSync(ownRules) ? ownRules : ALERT_RULES_FILE);
  const ownRisk = join(folder, 'risk.json');
  const risk = part(RiskRules, existsSync(ownRisk) ? ownRisk : RISK_FILE);
  const presetFile = join(folder, 'presets.json');
  const presets = existsSync(presetFile) ? part(DeskPresets, presetFile) : null;
  if (!mapping || !calendar || !tree || !alertRules || !risk || presets === undefined)
    throw new ConfigError(`profile ${profile.id}`, problems);
  const categories = categoryDictionary(tree);
  problems.push(...mappingProblems(profile, mapping, categories));
  const named = presetProblems(presets ?? [], { sources: profile.sources, categories });
  problems.push(...named.map((problem) => `presets.json: ${problem}`));
  if (problems.length > 0) throw new ConfigError(`profile ${profile.id}`, problems);
  const published = notices.filter((notice) => notice !== undefined);
  const hash = createHash('sha256')
    .update(
      JSON.stringify([
        profile,
        mapping,
        calendar,
        published,
        categories,
        alertRules,
        risk,
        ...(presets ? [presets] : []),
      ]),
    )
    .digest('hex');
  const days = cityCalendar(calendar, published);
  return { profile, folder, categories, mapping, calendar, days, alertRules, risk, presets, hash };
}

/** Published years of a country's calendar, in order. */
function yearFiles(country: string): string[] {
  const folder = join(CALENDARS_ROOT, country);
  return readdirSync(folder)
    .filter((name) => /^\d{4}\.json$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function profileFolder(nameOrFolder: string): string {
  const named = join(PROFILES_ROOT, nameOrFolder);
  const looksLikePath = isAbsolute(nameOrFolder) || /[\\/]|^\./.test(nameOrFolder);
  const folder = !looksLikePath && existsSync(join(named, 'profile.json')) ? named : resolve(nameOrFolder);
  if (!existsSync(folder) || !statSync(folder).isDirectory() || !existsSync(join(folder, 'profile.json'))) {
    throw new ConfigError(`profile ${nameOrFolder}`, [
      `no profile of this name and no folder with profile.json; known: ${profileNames().join(', ')}`,
    ]);
  }
  return folder;
}

function mappingProblems(profile: Profile, mapping: Mapping, categories: readonly CategoryEntry[]): string[] {
  const known = new Set(categories.map((entry) => entry.code));
  const problems: string[] = [];
  for (const [i, feed] of profile.feeds.entries()) {
    const table = mapping[feed.categories];
    if (!table) {
      problems.push(`$.feeds[${i}].categories: ${profile.mapping} has no table "${feed.categories}"`);
      continue;
    }
    for (const [code, target] of Object.entries(table)) {
      if (!known.has(target))
        problems.push(`${profile.mapping}: $["${feed.categories}"]["${code}"]: no category "${target}"`);
    }
  }
  return problems;
}
