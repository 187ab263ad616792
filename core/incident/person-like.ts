/**
 * Does a short text look as if it named or numbered a person? Used on values of mapped columns (category, stage), which should be codes.
 * Numbers are decided by checksum where one exists; spaces, full-width digits and dashes are folded first. Returns the detector, or null.
 *
 * @see GB 11643-1999 (identity number), ISO/IEC 7812 (Luhn)
 */
export type PersonDetector = 'identity-number' | 'mobile' | 'landline' | 'plate' | 'bank-card' | 'house-number';

export function personLike(text: string): PersonDetector | null {
  const folded = text.normalize('NFKC');
  const digits = folded.replace(/(?<=\d)[\s-]+(?=\d)/g, '');
  for (const match of digits.matchAll(/(?<!\d)\d{17}[\dXx](?!\d)/g))
    if (isIdentityNumber(match[0])) return 'identity-number';
  for (const match of digits.matchAll(/(?<!\d)[3-6]\d{15,18}(?!\d)/g)) if (passesLuhn(match[0])) return 'bank-card';
  if (/(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)/.test(digits)) return 'mobile';
  if (/(?<!\d)0\d{2,3}[-\s]?[2-8]\d{6,7}(?!\d)/.test(folded)) return 'landline';
  if (
    /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9])/.test(
      folded,
    )
  )
    return 'plate';
  if (/\d+\s*(?:号|號)(?!线|線|楼|樓)|\d+\s*(?:幢|栋|棟|单元|單元)|\d+\s*室/.test(folded)) return 'house-number';
  return null;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

function isIdentityNumber(text: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  if ('10X98765432'[sum % 11] !== text[17]?.toUpperCase()) return false;
  const year = Number(text.slice(6, 10));
  const month = Number(text.slice(10, 12));
  const date = Number(text.slice(12, 14));
  return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && date >= 1 && date <= 31;
}

function passesLuhn(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    let digit = Number(text[text.length - 1 - i]);
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}
