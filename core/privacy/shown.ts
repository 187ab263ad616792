import { beginsLikeName, findPersonal } from './detectors.ts';

/** Stands for a text that is not told. */
export const WITHHELD = '…';
const LONGEST_COLUMN = 60;
const LONGEST_CODE = 30;
/** A code that fewer rows of a file carry could be a slip of the pen with a name in it. */
const LISTED_FROM_ROWS = 5;
/** Characters that make a text look like another one, or break its line: control, line ends, directions. */
const DECEIVING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/u;
/** Words of column names; 时, 单, 车, 区, 路 are surnames as well. */
const FIELD_WORDS =
  /时间|时段|时刻|日期|单号|单位|编号|号码|案号|名称|全称|简称|类|型|方式|数量|金额|路段|路名|区县|街道|社区|乡镇|村|网格|来源|状态|程度|关键|经度|纬度|描述|内容|备注|地点|地址|地区|年|月|日|级|性别|原因|结果|满意|车牌|车型|房号|管辖|支队|应急|关系|属|率|数|量/;

/**
 * Name of a column that no contract names, as messages, reports and the store may tell it. A file whose header is missing has a record
 * there: `…` for what is longer than 60 characters, holds nine digits in a row or anything personal, or is no more than a name of a person.
 */
export function shownColumn(name: string): string {
  if (name.length > LONGEST_COLUMN || /\d{9}/.test(name)) return WITHHELD;
  if (DECEIVING.test(name) || findPersonal(name).length > 0) return WITHHELD;
  return isBareName(name, 3) && !FIELD_WORDS.test(name) ? WITHHELD : name;
}

/**
 * A category code without mapping, carried by `rows` rows of one file, as reports and the store may tell it: `…` unless at least 5 rows
 * carry it, it has at most 30 characters and no run of four digits, and neither it nor a part between slashes is anything personal or a
 * word of two or three characters that begins with a surname. A name in Latin letters that five rows of a file repeat is not known as one.
 */
export function shownCode(code: string, rows: number): string {
  if (rows < LISTED_FROM_ROWS || code.length > LONGEST_CODE || /\d{4}/.test(code) || DECEIVING.test(code))
    return WITHHELD;
  if (findPersonal(code).length > 0 || code.split('/').some((part) => isBareName(part, 2))) return WITHHELD;
  return code;
}

/**
 * A date, time or coordinate that was refused, as the reject lists may tell it: digits and the signs of dates and numbers, at most 60
 * characters. Six and more digits in a row must begin like a year, be epoch milliseconds or decimals; else they could number a person.
 */
export function shownValue(text: string): string {
  if (text.length > 60 || !/^[\d\s:.,/+\-TZ年月日时時分秒]*$/.test(text)) return WITHHELD;
  for (const { 0: run, index } of text.matchAll(/\d{6,}/g)) {
    const isDate = run.length <= 14 && /^(19|20)/.test(run);
    const isEpoch = run.length === 13 && run.startsWith('1');
    const isDecimals = text[index - 1] === '.';
    if (!isDate && !isEpoch && !isDecimals) return WITHHELD;
  }
  return findPersonal(text).length > 0 ? WITHHELD : text;
}

function isBareName(text: string, longestGiven: 2 | 3): boolean {
  const letters = [...text.trim()];
  if (/^\p{Lo}{1,8}[·•]\p{Lo}{1,8}$/u.test(letters.join(''))) return true;
  if (!letters.every((letter) => /\p{Lo}/u.test(letter))) return false;
  const surname = beginsLikeName(text.trim());
  return surname > 0 && letters.length > surname && letters.length <= surname + longestGiven;
}
