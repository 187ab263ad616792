import type { NeighbourLists } from '../stats/neighbours.ts';

/**
 * Rate of every cell from its own past, shrunk to its disk, and that to the city. Events a period:
 *
 *     r    = Σ_i y_i / (n T)                                   the city
 *     R_i  = (Σ_{j in disk} y_j + K_c) / (m_i T + K_c / r)      the disk, with K_c = 1 event of the city's rate
 *     λ_i  = (y_i + K) / (T + K / R_i)                          the cell, with K = 4 events of the disk's rate
 *
 * (posterior means of gamma–Poisson with shapes K and K_c). So a cell without a past is expected to behave as its surroundings do, and
 * no rate is 0 where the city has had any event. All zero: NaN everywhere. K = 4: METHODS.md, part 2, section 4.
 *
 * @param past events of every cell over `periods` periods in which it was fully reported. Cost: cells × disk
 */
export function shrunkRates(
  past: ArrayLike<number>,
  { neighbours, periods }: { readonly neighbours: NeighbourLists; readonly periods: number },
): Float64Array {
  const cells = past.length;
  const rates = new Float64Array(cells).fill(Number.NaN);
  let total = 0;
  for (let i = 0; i < cells; i++) total += past[i] as number;
  if (total === 0 || periods === 0) return rates;
  const city = total / (cells * periods);
  for (let i = 0; i < cells; i++) {
    let sum = past[i] as number;
    const end = neighbours.offsets[i + 1] as number;
    const from = neighbours.offsets[i] as number;
    for (let k = from; k < end; k++) sum += past[neighbours.neighbours[k] as number] as number;
    const disk = (sum + CITY_EVENTS) / ((end - from + 1) * periods + CITY_EVENTS / city);
    rates[i] = ((past[i] as number) + DISK_EVENTS) / (periods + DISK_EVENTS / disk);
  }
  return rates;
}

const CITY_EVENTS = 1;
const DISK_EVENTS = 4;
