import { gridDiskDistances } from 'h3-js';

/**
 * Zones of a scan statistic, as nested prefixes: each centre has an ordered list of members, each zone of that centre is
 * a prefix of it. So the sums of the next larger zone cost only its additional members.
 */
export interface ScanZones {
  /** Number of locations; members are 0 … locations − 1. */
  readonly locations: number;
  /** Members of centre c: `member[memberStart[c]] … member[memberStart[c + 1] − 1]`, without repetition. */
  readonly memberStart: Uint32Array;
  readonly member: Uint32Array;
  /** Zones of centre c: `zoneStart[c] … zoneStart[c + 1] − 1`, from small to large. */
  readonly zoneStart: Uint32Array;
  /** Zone z is the prefix that ends before offset `zoneEnd[z]` of `member`. */
  readonly zoneEnd: Uint32Array;
  /** Centre of each zone (an index into `memberStart`). */
  readonly zoneCentre: Uint32Array;
}

/** Locations of zone z, in the order of the centre's list. */
export function zoneMembers(zones: ScanZones, zone: number): Uint32Array {
  const centre = zones.zoneCentre[zone] as number;
  return zones.member.slice(zones.memberStart[centre], zones.zoneEnd[zone]);
}

/** Builds zones from lists: `members[c]` in order, `lengths[c]` the prefix lengths that are zones (ascending). */
function nested(locations: number, members: readonly (readonly number[])[], lengths: readonly (readonly number[])[]) {
  const centres = members.length;
  const memberStart = new Uint32Array(centres + 1);
  const zoneStart = new Uint32Array(centres + 1);
  for (let c = 0; c < centres; c++) {
    memberStart[c + 1] = (memberStart[c] as number) + (members[c] as readonly number[]).length;
    zoneStart[c + 1] = (zoneStart[c] as number) + (lengths[c] as readonly number[]).length;
  }
  const member = new Uint32Array(memberStart[centres] as number);
  const zoneEnd = new Uint32Array(zoneStart[centres] as number);
  const zoneCentre = new Uint32Array(zoneStart[centres] as number);
  for (let c = 0; c < centres; c++) {
    member.set(members[c] as readonly number[], memberStart[c]);
    let z = zoneStart[c] as number;
    for (const length of lengths[c] as readonly number[]) {
      zoneEnd[z] = (memberStart[c] as number) + length;
      zoneCentre[z++] = c;
    }
  }
  return { locations, memberStart, member, zoneStart, zoneEnd, zoneCentre } satisfies ScanZones;
}

/**
 * H3 disks of 0 … `rings` steps around every cell, clipped to the study cells. A disk that clipping makes equal to the
 * smaller one of the same centre is left out. Pentagons and holes of the area: the disk is what is there.
 * Cost O(cells · rings²). Throws on a repeated cell.
 */
export function diskZones(cells: readonly string[], rings: number): ScanZones {
  const index = new Map<string, number>();
  for (let i = 0; i < cells.length; i++) index.set(cells[i] as string, i);
  if (index.size !== cells.length) throw new RangeError('A study cell is listed twice');
  const members: number[][] = [];
  const lengths: number[][] = [];
  for (const cell of cells) {
    const list: number[] = [];
    const ends: number[] = [];
    for (const ring of gridDiskDistances(cell, rings)) {
      for (const other of ring) {
        const at = index.get(other);
        if (at !== undefined) list.push(at);
      }
      if (list.length !== ends[ends.length - 1]) ends.push(list.length);
    }
    members.push(list);
    lengths.push(ends);
  }
  return nested(cells.length, members, lengths);
}

export interface NearestFirst {
  /** Distance between locations i and j, any unit; ties go by location order. */
  readonly distance: (i: number, j: number) => number;
  /** Largest distance of a member, same unit; null = no limit. */
  readonly maxRadius: number | null;
  /** Weight (population, cases) of each location and the largest share of it that a zone may hold. */
  readonly weight: Float64Array;
  readonly maxFraction: number;
}

/**
 * Nearest-first prefixes around every location (circles of Kulldorff 1997): a prefix grows until the next location lies
 * beyond `maxRadius` or would bring the zone above `maxFraction` of the weight. Cost O(n² log n).
 */
export function nearestFirstZones(limits: NearestFirst): ScanZones {
  const n = limits.weight.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += limits.weight[i] as number;
  const largest = limits.maxFraction * total;
  const members: number[][] = [];
  const lengths: number[][] = [];
  const away = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    const order: number[] = [];
    for (let j = 0; j < n; j++) {
      away[j] = limits.distance(c, j);
      if (limits.maxRadius === null || (away[j] as number) <= limits.maxRadius) order.push(j);
    }
    order.sort((a, b) => (away[a] as number) - (away[b] as number) || a - b);
    const list: number[] = [];
    const ends: number[] = [];
    let weight = 0;
    for (const j of order) {
      weight += limits.weight[j] as number;
      if (weight > largest) break;
      list.push(j);
      ends.push(list.length);
    }
    members.push(list);
    lengths.push(ends);
  }
  return nested(n, members, lengths);
}

/** Zones that somebody listed: each list is one zone, in the given order. Locations are 0 … `locations` − 1. */
export function listedZones(locations: number, lists: readonly (readonly number[])[]): ScanZones {
  for (const list of lists)
    for (const i of list)
      if (!(Number.isInteger(i) && i >= 0 && i < locations)) throw new RangeError(`No location ${i} of ${locations}`);
  return nested(
    locations,
    lists,
    lists.map((list) => [list.length]),
  );
}
