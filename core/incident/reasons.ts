/**
 * Why a row is refused, why an incident has no place, and why its category is unknown: closed lists.
 * `read = accepted + rejected` holds per file and reason; an unlocated or unmapped incident is still accepted.
 */

/** A row with one of these is not an incident of this run. It is kept in the rejects file of its feed. */
export const REJECT_REASONS = {
  'wrong-column-count': { zh: '列数与表头不符', en: 'column count differs from the header' },
  'nul-byte': { zh: '行内含空字节（NUL），文件可能受损', en: 'a NUL byte in the record' },
  'field-too-long': { zh: '字段超过 1 MiB', en: 'a field of more than 1 MiB' },
  'not-json': { zh: '该行不是 JSON 对象', en: 'the line is no JSON object' },
  'number-lost-digits': {
    zh: '编号被 Excel 存成数字，已丢失位数',
    en: 'the id was stored as a number and lost digits',
  },
  'not-a-record': { zh: '合计行或说明行，不是记录', en: 'a totals line or a note, no record' },
  'id-missing': { zh: '编号为空', en: 'id is empty' },
  'duplicate-id': { zh: '编号重复（内容相同）', en: 'duplicate id, same content' },
  superseded: { zh: '被同一编号的更新版本取代', en: 'superseded by a later revision of the same id' },
  deleted: { zh: '来源标记为删除', en: 'deleted by its source' },
  'duplicate-marked': { zh: '来源标记为重复件', en: 'marked as duplicate by its source' },
  'not-in-scope': { zh: '不属于本来源的统计范围', en: 'outside the declared scope of the feed' },
  'date-missing': { zh: '发生时间为空', en: 'date is empty' },
  'date-unreadable': { zh: '时间无法识别', en: 'date cannot be read' },
  'date-outside-window': { zh: '时间超出统计窗口', en: 'date outside the window' },
  'coordinate-outside': {
    zh: '坐标在研究区之外（按规则退回）',
    en: 'coordinate outside the study area (refused by rule)',
  },
  'person-like-value': { zh: '映射字段含疑似个人信息', en: 'person-like value in a mapped column' },
  'category-refused': { zh: '类别不在允许清单', en: 'category is refused' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type RejectReason = keyof typeof REJECT_REASONS;
/** Positions are stored in the parts of the store. */
export const REJECT_KEYS = Object.keys(REJECT_REASONS) as RejectReason[];

/** The incident is counted, but not on the map. */
export const UNLOCATED_REASONS = {
  'coordinate-missing': { zh: '无坐标', en: 'no coordinate' },
  'coordinate-unreadable': { zh: '坐标无法识别', en: 'coordinate cannot be read' },
  'coordinate-zero': { zh: '坐标为 0/0', en: 'coordinate is 0/0' },
  'coordinate-swapped': { zh: '经纬度疑似颠倒', en: 'longitude and latitude look swapped' },
  'coordinate-outside': { zh: '坐标在研究区之外', en: 'coordinate outside the study area' },
  'coordinate-default': { zh: '坐标为地理编码默认点', en: 'default point of a geocoder' },
  'datum-doubtful': { zh: '文件坐标系存疑', en: 'the datum of the file is in doubt' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type UnlocatedReason = keyof typeof UNLOCATED_REASONS;

/** Worth telling, stops nothing. */
export const WARNINGS = {
  'unknown-column': { zh: '出现未登记的列', en: 'a column the contract does not name' },
  'unmapped-category': { zh: '未登记的类别代码', en: 'a category code without mapping' },
  'closed-unreadable': { zh: '办结时间无法识别', en: 'closing time cannot be read' },
  'closed-before-occurred': { zh: '办结早于发生', en: 'closed before it occurred' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type Warning = keyof typeof WARNINGS;
