/** Dimensions of an incident that every city shares. Ids are the small integers stored in `facts`. */

export const SOURCE_KINDS = {
  complaint: { zh: '诉求', en: 'complaint' },
  police: { zh: '警情', en: 'police incident' },
  dispute: { zh: '纠纷', en: 'dispute' },
  other: { zh: '其他', en: 'other' },
} as const;
export type SourceKind = keyof typeof SOURCE_KINDS;

/** Stage of handling. `unknown` = the source does not say (never shown as open). */
export const STAGES = [
  { id: 0, key: 'unknown', zh: '未报送', en: 'not reported' },
  { id: 1, key: 'received', zh: '受理', en: 'received' },
  { id: 2, key: 'assigned', zh: '分流', en: 'assigned' },
  { id: 3, key: 'handling', zh: '处置', en: 'handling' },
  { id: 4, key: 'closed', zh: '办结', en: 'closed' },
  { id: 5, key: 'reviewed', zh: '评价', en: 'reviewed' },
] as const;
export type StageKey = (typeof STAGES)[number]['key'];

/** How the position was found. 0 = unlocated. */
export const LOCATE_METHODS = [
  { id: 0, key: 'none', zh: '未定位', en: 'unlocated' },
  { id: 1, key: 'coordinate', zh: '来源坐标', en: 'coordinate of the source' },
  { id: 2, key: 'gazetteer', zh: '地名地址库', en: 'known address or place name' },
  { id: 3, key: 'division', zh: '仅到行政区划', en: 'division only' },
  { id: 4, key: 'pile-up', zh: '坐标为默认点，仅到行政区划', en: 'default point of a geocoder: division only' },
] as const;

/** 1 lowest .. 4 highest; 0 = not graded. */
export const SEVERITIES = [0, 1, 2, 3, 4] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Category id 0 in every dictionary: the source's code has no mapping. */
export const UNMAPPED_CATEGORY_ID = 0;
/** Division id 0 in every table: the whole city (study area). */
export const CITY_DIVISION_ID = 0;
