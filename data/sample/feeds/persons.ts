import type { Random } from '../random.ts';

/**
 * Made-up people, for columns and texts that must never be read: canaries of the privacy tests. None is a real person's:
 * ID numbers use the area code 320599, which is not assigned; mobile numbers begin with 1990000; house numbers with 9.
 */
const SURNAMES = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '沈', '陆', '顾', '欧阳', '上官'];
const GIVEN = ['示例', '样例', '测试', '虚构', '范例'];
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function personName(draw: Random): string {
  return draw.pick(SURNAMES) + draw.pick(GIVEN);
}

export function mobileNumber(draw: Random): string {
  return `1990000${String(draw.integer(10_000)).padStart(4, '0')}`;
}

/** 18 digits with a valid check digit (GB 11643 rule). */
export function idNumber(draw: Random): string {
  const year = 1950 + draw.integer(55);
  const month = String(1 + draw.integer(12)).padStart(2, '0');
  const date = String(1 + draw.integer(28)).padStart(2, '0');
  const digits = `320599${year}${month}${date}${String(draw.integer(1000)).padStart(3, '0')}`;
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return digits + '10X98765432'[sum % 11];
}

export function houseAddress(street: string, community: string, draw: Random): string {
  return `${street}${community}示例路9${draw.integer(900) + 100}号${draw.integer(30) + 1}幢${draw.integer(18) + 1}0${draw.integer(4) + 1}室`;
}
