/** Bands of latitude: a point is compared with the edges of its band only. */
const MOST_BANDS = 512;

/**
 * Even–odd test over several rings at once, for many points. Edges are half-open as in `contains` of core/geo/polygon.ts, with the same
 * arithmetic: of two shapes that share an edge, a point on it belongs to one. Cost per point: the edges of one band.
 *
 * @param rings flat lng, lat, …; closed by themselves; longitudes may go past ±180°
 */
export function evenOdd(rings: readonly Float64Array[]): (lng: number, lat: number) => boolean {
  const edges = edgesOf(rings);
  const count = edges.length / 4;
  let south = Infinity;
  let north = -Infinity;
  for (let i = 0; i < count; i++) {
    south = Math.min(south, edges[4 * i + 1] as number);
    north = Math.max(north, edges[4 * i + 3] as number);
  }
  const bands = Math.max(1, Math.min(MOST_BANDS, count));
  const height = (north - south) / bands;
  const bandOf = (lat: number) => Math.min(bands - 1, Math.max(0, Math.floor((lat - south) / height)));
  const starts = new Uint32Array(bands + 1);
  const eachBand = (edge: number, put: (band: number) => void) => {
    const last = bandOf(edges[4 * edge + 3] as number);
    for (let band = bandOf(edges[4 * edge + 1] as number); band <= last; band++) put(band);
  };
  for (let i = 0; i < count; i++) eachBand(i, (band) => void starts[band + 1]!++);
  for (let band = 0; band < bands; band++) starts[band + 1] = (starts[band + 1] as number) + (starts[band] as number);
  const members = new Uint32Array(starts[bands] as number);
  const next = starts.slice();
  for (let i = 0; i < count; i++) {
    eachBand(i, (band) => {
      members[next[band]!++] = i;
    });
  }

  return (lng, lat) => {
    if (!(lat >= south && lat < north)) return false;
    const band = bandOf(lat);
    let odd = false;
    for (let m = starts[band] as number; m < (starts[band + 1] as number); m++) {
      const at = 4 * (members[m] as number);
      const ay = edges[at + 1] as number;
      const by = edges[at + 3] as number;
      if (ay > lat || by <= lat) continue;
      const ax = edges[at] as number;
      if (lng < ax + (((edges[at + 2] as number) - ax) * (lat - ay)) / (by - ay)) odd = !odd;
    }
    return odd;
  };
}

/** Lower end first, so that an edge gives one verdict whichever way it is walked; level edges never count. */
function edgesOf(rings: readonly Float64Array[]): Float64Array {
  const edges = new Float64Array(rings.reduce((sum, ring) => sum + ring.length * 2, 0));
  let at = 0;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const upward = (ring[j + 1] as number) > (ring[i + 1] as number);
      if (ring[j + 1] === ring[i + 1]) continue;
      edges.set(ring.subarray(upward ? i : j, (upward ? i : j) + 2), at);
      edges.set(ring.subarray(upward ? j : i, (upward ? j : i) + 2), at + 2);
      at += 4;
    }
  }
  return edges.slice(0, at);
}
