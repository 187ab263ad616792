import { checkedDay } from '../time/local-date.ts';

/**
 * Finds what names or numbers a person in a text: numbers by checksum where one exists, the rest by pattern and cue. A false alarm
 * costs a withheld value, a miss costs a person: number patterns lean towards alarm, names need a cue word before them.
 *
 * @see GB 11643-1999 (identity number), ISO/IEC 7812-1 (Luhn), GA 36-2018 (plates)
 */
export type PersonalType =
  | 'id_card'
  | 'bank_card'
  | 'mobile'
  | 'landline'
  | 'plate'
  | 'email'
  | 'address_detail'
  | 'person_name';

/** UTF-16 code units, end exclusive. */
export interface PersonalSpan {
  readonly type: PersonalType;
  readonly start: number;
  readonly end: number;
}

/** Detectors that speak about one short value that should have been a code. */
export type PersonDetector = 'identity-number' | 'mobile' | 'landline' | 'plate' | 'bank-card' | 'house-number';

const DIGIT = 1;
const ADDRESS = 2;
const PLATE = 4;
const CUE = 8;
const AT = 16;
const FOLDS = 32;

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** Words after which a name stands in records of this kind. */
const CUES =
  '市民|居民|村民|业主|户主|住户|房东|租客|房客|邻居|老人|学生|司机|车主|当事人|投诉人|诉求人|来电人|报警人|报案人|举报人|反映人|联系人|申请人|被申请人|嫌疑人|受害人|经办人|委托人|本人|姓名|机主|甲方|乙方|先生|女士';
const SURNAMES =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊甄曲封储靳糜松井段富巫焦巴弓牧车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹龙叶司黎薄印白蒲邰从鄂索咸籍赖卓蔺屠蒙池乔胥苍闻党翟谭劳冉桑桂牛边燕尚农温庄晏柴瞿阎充慕连茹习艾鱼容古易慎戈廖庾终居衡步耿满弘匡文寇广欧沃利蔚越夔隆师巩聂晁敖融冷辛简饶曾沙鞠关蒯相查后荆红游竺权盖益桓公肖涂闫';
/** What may follow a name; without one of these (or the end) two or three characters are not taken for a name. */
const AFTER =
  '与和跟同及因在于向对将把被称说反投报举请等之的是有为至到来去要求电话先女，。；：、,.;:!?！？()（）[]【】 \t\r\n/|';
/** Words that begin like a surname. */
const NOT_NAMES = new Set(
  '于昨 于今 于当 方面 高度 高空 于是 何时 何人 何处 时常 常年 经常 安全 周边 周围 周末 温州 成都 成员 全部 全家 全体 相关 相互 应当 应该 终于 解决 公安 公司 公共 文明 文件 连续 明确 明显 易燃 从事 利用 强烈 强制 关于 关注 方便 常住 居住 居民 和平 路过 路面 管理 计划 广场 单元 单位 车辆 房屋 包括 司机 白天 党员 尚未 石头 水管 温度 左右 甘肃 宁波 江苏 云南 吉林 贵州'.split(
    ' ',
  ),
);

const DOUBLE_SURNAMES = new Set(
  '欧阳 司马 上官 诸葛 司徒 皇甫 东方 尉迟 公孙 慕容 令狐 夏侯 端木 南宫 轩辕'.split(' '),
);

/** Characters of the surname that a text begins with: 2, 1, or 0 when it begins with none or like a common word. */
export function beginsLikeName(text: string): 0 | 1 | 2 {
  const two = text.slice(0, 2);
  if (DOUBLE_SURNAMES.has(two)) return 2;
  return text !== '' && SURNAMES.includes(text[0] as string) && !NOT_NAMES.has(two) ? 1 : 0;
}

/** Class of every UTF-16 code unit: one look-up a character decides which searches are worth making. */
const CLASS = (() => {
  const table = new Uint8Array(65_536);
  const mark = (letters: string, bit: number): void => {
    for (const letter of letters) table[letter.charCodeAt(0)] = (table[letter.charCodeAt(0)] as number) | bit;
  };
  mark('0123456789', DIGIT);
  mark('０１２３４５６７８９', DIGIT | FOLDS);
  mark('号號幢栋棟单單室', ADDRESS);
  mark(PROVINCES, PLATE);
  for (const word of CUES.split('|')) mark(word.slice(-1), CUE);
  mark('@＠', AT);
  for (let unit = 0xff01; unit <= 0xff5e; unit++) table[unit] = (table[unit] as number) | FOLDS;
  mark('\u3000\u00a0‐‑‒–—−', FOLDS);
  return table;
})();

/** A number of a person has at least seven digits (a landline with its area code has ten; seven leaves room for odd separators). */
const FEWEST_DIGITS = 7;

/**
 * What could be in the text, by one look at each character: bits of CLASS, DIGIT only from seven digits on. 0 = nothing can be found.
 * Cost: about 1 ns a character.
 */
function suspicion(text: string): number {
  let bits = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = CLASS[text.charCodeAt(i)] as number;
    bits |= kind;
    digits += kind & DIGIT;
  }
  let found = bits & (CUE | AT);
  if (digits >= FEWEST_DIGITS) found |= DIGIT;
  if (digits > 0) found |= bits & (ADDRESS | PLATE);
  return found === 0 ? 0 : found | (bits & FOLDS);
}

/**
 * Could the bytes hold something personal? False is certain: ASCII only, fewer than seven digits, no "@". Text in Chinese is always
 * "maybe" and has to be decoded. UTF-8 or GB18030. Cost: about 1 ns a byte.
 */
export function maybePersonal(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80 || byte === 0x40) return true;
    if (byte >= 0x30 && byte <= 0x39 && ++digits >= FEWEST_DIGITS) return true;
  }
  return false;
}

/** Full-width forms, odd spaces and dashes become ASCII; lengths stay, so offsets hold in the original. */
function fold(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000\u00a0‐‑‒–—−]/g, (unit) => {
    const code = unit.charCodeAt(0);
    if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
    return code === 0x3000 || code === 0xa0 ? ' ' : '-';
  });
}

const NUMBER_18 = /(?<![\d.])\d(?:[\s-]?\d){16}[\s-]?[\dXx](?![\dA-Za-z])/g;
const CARD = /(?<![\d.])[3-6](?:[\s-]?\d){15,18}(?!\d)/g;
const MOBILE = /(?:(?<!\d)(?:\+|00)?86[\s-]?|(?<![\d.]))1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/g;
const LANDLINE = /(?:\(0\d{2,3}\)|(?<![\d.])0\d{2,3})[\s-]?[2-8]\d{2,3}[\s-]?\d{4}(?!\d)/g;
const PLATES = new RegExp(
  `[${PROVINCES}][A-HJ-NP-Za-hj-np-z][·•・\\s-]?(?=[A-Za-z]*\\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])`,
  'g',
);
const EMAIL = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
/** 号 of a street number, not of a line, gate, court case, document or day of the month. */
const STREET_NUMBER =
  '(?<![\\d初终再审执保特第字月\\]〕)])\\d+(?:-\\d+)?\\s*(?:号|號)(?!线|線|楼|樓|口|门|門|出口|入口|文|令|窗口|工单|站|桥|井|杆|机)';
const HOUSE = '\\d+\\s*(?:号楼|號樓|幢|栋|棟|单元|單元|室)';
const ADDRESSES = new RegExp(`(?:${STREET_NUMBER}|(?<!\\d)${HOUSE})(?:\\s*(?:\\d+\\s*(?:号|號)|${HOUSE}))*`, 'g');
const NAMES = new RegExp(`(?:${CUES})(?:[:： ]|为|是|叫)?(?=[${SURNAMES}])`, 'g');

/**
 * Everything personal in a text, first to last. Where two detectors meet, the one with a checksum wins. Cost: under 0.3 µs for a
 * short value that looks like a code, some µs for a narrative.
 */
export function findPersonal(text: string): PersonalSpan[] {
  const may = suspicion(text);
  if (may === 0) return [];
  const folded = may & FOLDS ? fold(text) : text;
  const spans: PersonalSpan[] = [];
  if (may & DIGIT) {
    collect(spans, 'id_card', folded, NUMBER_18, isIdentityNumber);
    collect(spans, 'bank_card', folded, CARD, passesLuhn);
    collect(spans, 'mobile', folded, MOBILE);
    collect(spans, 'landline', folded, LANDLINE);
  }
  if (may & PLATE) collect(spans, 'plate', folded, PLATES);
  if (may & AT) collect(spans, 'email', folded, EMAIL);
  if (may & ADDRESS) collect(spans, 'address_detail', folded, ADDRESSES);
  if (may & CUE) collectNames(spans, folded);
  return spans.sort((a, b) => a.start - b.start || a.end - b.end);
}

const DETECTOR: Readonly<Record<PersonalType, PersonDetector | null>> = {
  id_card: 'identity-number',
  bank_card: 'bank-card',
  mobile: 'mobile',
  landline: 'landline',
  plate: 'plate',
  address_detail: 'house-number',
  email: null, // no code looks like one, and a mapped value with "@" is unmapped anyway
  person_name: null, // a category may speak of 业主 or 邻居: names need free text
};
const PRIORITY: readonly PersonalType[] = ['id_card', 'bank_card', 'mobile', 'landline', 'plate', 'address_detail'];

/** Does a short text that should be a code (category, stage) name or number a person? The detector, or null. */
export function personLike(text: string): PersonDetector | null {
  const spans = findPersonal(text);
  if (spans.length === 0) return null;
  for (const type of PRIORITY) if (spans.some((span) => span.type === type)) return DETECTOR[type];
  return null;
}

function collect(
  spans: PersonalSpan[],
  type: PersonalType,
  text: string,
  pattern: RegExp,
  check?: (digits: string) => boolean,
): void {
  for (const match of text.matchAll(pattern)) {
    const span = { type, start: match.index, end: match.index + match[0].length };
    if (check && !check(match[0].replace(/[\s-]/g, ''))) continue;
    if (spans.every((other) => other.end <= span.start || other.start >= span.end)) spans.push(span);
  }
}

function collectNames(spans: PersonalSpan[], text: string): void {
  for (const match of text.matchAll(NAMES)) {
    const start = match.index + match[0].length;
    for (const length of [3, 2]) {
      const name = text.slice(start, start + length);
      const next = text[start + length];
      if (name.length < length || !/^[\u3400-\u9fff]+$/.test(name) || NOT_NAMES.has(name.slice(0, 2))) continue;
      if ((next === undefined || AFTER.includes(next)) && !AFTER.includes(name[length - 1] as string)) {
        spans.push({ type: 'person_name', start, end: start + length });
        break;
      }
    }
  }
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** 18 characters: check character right, and a real date of birth from 1900 on. */
export function isIdentityNumber(text: string): boolean {
  if (!/^\d{17}[\dXx]$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (WEIGHTS[i] as number) * (text.charCodeAt(i) - 48);
  if ('10X98765432'[sum % 11] !== text[17]?.toUpperCase()) return false;
  const year = Number(text.slice(6, 10));
  return (
    year >= 1900 && year < 2100 && checkedDay(year, Number(text.slice(10, 12)), Number(text.slice(12, 14))) !== null
  );
}

/** Digits only; true also for "0". */
export function passesLuhn(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(text.length - 1 - i) - 48;
    if (digit < 0 || digit > 9) return false;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return text.length > 0 && sum % 10 === 0;
}
