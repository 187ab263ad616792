/**
 * Looks up an address or place name among known ones. Never fuzzy: a name is known as it stands, or its longest beginning is that ends where a
 * number or a word of position follows. What stays open is a reason, not a guess.
 */
export interface GazetteerEntry {
  readonly name: string;
  /** WGS 84 degrees. */
  readonly lng: number;
  readonly lat: number;
  /** Finest cell the place may be read at. */
  readonly resolution: number;
  /** Deepest division that holds the point; null outside every division. */
  readonly division: number | null;
}

export type GazetteerAnswer =
  | {
      readonly ok: true;
      readonly lng: number;
      readonly lat: number;
      readonly resolution: number;
      readonly division: number | null;
      /** `exact`; `short` without leading division names; `prefix` a known beginning. */
      readonly method: 'exact' | 'short' | 'prefix';
    }
  | { readonly ok: false; readonly reason: GazetteerReason };

export const GAZETTEER_REASONS = {
  'place-blank': { zh: '无地址', en: 'no place text' },
  'place-unknown': { zh: '地名库中没有', en: 'not in the gazetteer' },
  'place-ambiguous': { zh: '地名库中有多处同名', en: 'several places of that name' },
  'place-contradicts-division': { zh: '地名与自带区划不符', en: 'the place lies outside the row’s own division' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type GazetteerReason = keyof typeof GAZETTEER_REASONS;

/** A province, city or division that addresses begin with. */
export interface Lead {
  /** 0 province, 1 city, 2 …: two leads of one level contradict each other unless their keys are equal. */
  readonly level: number;
  readonly key: string;
  /** Every form in use: 苏州市, 苏州. */
  readonly names: readonly string[];
}

export interface Gazetteer {
  /** `own` is the row's own division, null = it does not say. Cost: 5–9 µs among 50,000 names (measured on a busy machine); texts repeat, so remember the answers. */
  readonly find: (place: string, own: number | null) => GazetteerAnswer;
}

/** Entries nearer than this are one place under one name. */
const SAME_PLACE_M = 30;
/** A beginning that is a road or an area says no more than this, whatever the entry itself may. */
const ROAD_RESOLUTION = 8;
const AREA_RESOLUTION = 9;
const ROAD_END = /[路街道巷弄段线桥河]$/;
const HOUSE_END = /[号栋幢座]$/;
/** What may follow a known beginning: a number, or a word of position. `路5号` after `新村` may not: that is 新村路. */
const FOLLOWS =
  /^(?:[0-9]|第[0-9一二三四五六七八九十]|[一二三四五六七八九十]+(?:号|幢|栋|座|弄|期|区|单元|楼|室|组|队)|[a-z](?:区|座|栋|幢|[0-9])|附近|旁|边|对面|门口|内|外|里面|东侧|西侧|南侧|北侧|路口|交叉口|交界|与|和|近|靠近)/u;

interface Indexed {
  readonly entry: GazetteerEntry;
  readonly lead: readonly Lead[];
}

/**
 * @param leads what addresses begin with; forms of a single character are not used
 * @param isWithin whether division `inner` lies in `outer` or is it
 */
export function gazetteer(
  entries: readonly GazetteerEntry[],
  leads: readonly Lead[],
  isWithin: (inner: number, outer: number) => boolean,
): Gazetteer {
  // Longest first; of one form for two leads (a city and a district of it) the outer one.
  const leadWords = leads
    .flatMap((lead) => lead.names.map((name) => ({ word: normalisePlace(name).text, lead })))
    .filter(({ word }) => word.length >= 2)
    .sort((a, b) => b.word.length - a.word.length || a.lead.level - b.lead.level);
  const full = new Map<string, Indexed[]>();
  const short = new Map<string, Indexed[]>();
  let longest = 0;
  for (const entry of entries) {
    const { text } = normalisePlace(entry.name);
    if (text === '') continue;
    const { rest, lead } = withoutLead(text, leadWords);
    push(full, text, { entry, lead });
    push(short, rest, { entry, lead });
    longest = Math.max(longest, text.length);
  }
  const answer = (
    found: readonly Indexed[],
    lead: readonly Lead[],
    own: number | null,
    method: 'exact' | 'short' | 'prefix',
    name: string,
  ): GazetteerAnswer => {
    // 姑苏区人民路 is not the 人民路 that is known in 吴中区.
    const fitting = found.filter((candidate) => areCompatible(candidate.lead, lead));
    if (fitting.length === 0) return UNKNOWN;
    const inside =
      own === null ? fitting : fitting.filter(({ entry }) => entry.division !== null && isWithin(entry.division, own));
    if (inside.length === 0) return CONTRADICTS;
    const first = (inside[0] as Indexed).entry;
    if (!inside.every(({ entry }) => apartM(entry, first) <= SAME_PLACE_M)) return AMBIGUOUS;
    const resolution = Math.min(...inside.map(({ entry }) => entry.resolution));
    return {
      ok: true,
      lng: first.lng,
      lat: first.lat,
      resolution: method === 'prefix' ? Math.min(resolution, resolutionOf(name)) : resolution,
      division: first.division,
      method,
    };
  };
  return {
    find: (place, own) => {
      const { text, breaks } = normalisePlace(place);
      if (text === '') return BLANK;
      const { rest, lead } = withoutLead(text, leadWords);
      const exact = full.get(text);
      if (exact) return answer(exact, lead, own, 'exact', text);
      const known = short.get(rest);
      if (known) return answer(known, lead, own, 'short', rest);
      const offset = text.length - rest.length;
      for (let end = Math.min(rest.length - 1, longest); end >= 2; end--) {
        const beginning = rest.slice(0, end);
        const candidates = short.get(beginning);
        if (!candidates || !isBoundary(beginning, rest.slice(end), breaks.has(offset + end))) continue;
        return answer(candidates, lead, own, 'prefix', beginning);
      }
      return UNKNOWN;
    },
  };
}

const BLANK = { ok: false, reason: 'place-blank' } as const;
const UNKNOWN = { ok: false, reason: 'place-unknown' } as const;
const AMBIGUOUS = { ok: false, reason: 'place-ambiguous' } as const;
const CONTRADICTS = { ok: false, reason: 'place-contradicts-division' } as const;

/** A number is never cut (人民路1 in 人民路12号), and a house number never follows a bare number. */
function isBoundary(beginning: string, rest: string, hasBreak: boolean): boolean {
  if (/[0-9]$/.test(beginning) && /^[0-9号]/.test(rest)) return false;
  return hasBreak || FOLLOWS.test(rest);
}

function resolutionOf(beginning: string): number {
  if (HOUSE_END.test(beginning)) return 10;
  return ROAD_END.test(beginning) ? ROAD_RESOLUTION : AREA_RESOLUTION;
}

/** No two leads of one level differ. */
function areCompatible(a: readonly Lead[], b: readonly Lead[]): boolean {
  return a.every((one) => b.every((other) => one.level !== other.level || one.key === other.key));
}

function withoutLead(text: string, words: readonly LeadWord[]): { rest: string; lead: Lead[] } {
  const lead: Lead[] = [];
  let rest = text;
  for (;;) {
    const next = words.find(({ word }) => rest.length > word.length + 1 && rest.startsWith(word));
    if (next === undefined) return { rest, lead };
    // 苏州路 is a road, not something in 苏州.
    const after = rest.slice(next.word.length);
    if (/^[路街道巷弄河桥]/.test(after)) return { rest, lead };
    lead.push(next.lead);
    rest = after;
  }
}

interface LeadWord {
  readonly word: string;
  readonly lead: Lead;
}

/**
 * Traditional forms of words that addresses are made of. Each simplified form here stands for this traditional one alone in addresses; pairs
 * where one simplified character merges two words (里 裡, 后 後, 干 乾 幹) are left out, so no two names become one.
 */
const SIMPLIFIED = new Map(
  (
    '臺台 號号 區区 縣县 鄉乡 鎮镇 鄰邻 樓楼 棟栋 東东 園园 橋桥 門门 國国 學学 車车 廠厂 莊庄 灣湾 蘇苏 鹽盐 華华 廣广 場场 開开 龍龙 馬马 陽阳 興兴 ' +
    '義义 寧宁 慶庆'
  )
    .split(' ')
    .map((pair) => [pair[0] as string, pair[1] as string]),
);

/**
 * Full and half width made one (NFKC), lower case, address words in simplified characters, spaces and punctuation taken out; `breaks` are the positions
 * in `text` where some stood.
 */
export function normalisePlace(place: string): { text: string; breaks: ReadonlySet<number> } {
  const breaks = new Set<number>();
  let text = '';
  for (const character of place.normalize('NFKC').toLowerCase()) {
    const code = character.charCodeAt(0);
    if (code >= 0x4e00 && code <= 0x9fff) {
      text += SIMPLIFIED.get(character) ?? character;
      continue;
    }
    const isWord = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
    if (isWord) {
      text += character;
      continue;
    }
    // A dash between numbers is part of them: 5-1号 is not 51号.
    const isDash = /[-–—~]/u.test(character);
    if (isDash && /[0-9]$/.test(text)) text += '-';
    else if (/[\s\p{P}\p{S}\p{Cf}]/u.test(character)) breaks.add(text.length);
    else text += character;
  }
  return { text: text.replace(/-+$/, ''), breaks };
}

function push(map: Map<string, Indexed[]>, key: string, value: Indexed): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

function apartM(a: GazetteerEntry, b: GazetteerEntry): number {
  const squeeze = Math.cos((a.lat * Math.PI) / 180);
  return 111_195 * Math.hypot((a.lng - b.lng) * squeeze, a.lat - b.lat);
}
