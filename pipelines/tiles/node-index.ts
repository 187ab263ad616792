/** Positions of OSM nodes by id: 16 bytes a node, so that a province fits. Coordinates in 1e-7 degrees, as OSM has them. */
export class NodeIndex {
  #ids = new Float64Array(1 << 16);
  #lngs = new Int32Array(1 << 16);
  #lats = new Int32Array(1 << 16);
  #size = 0;
  #ascending = true;

  get size(): number {
    return this.#size;
  }

  add(id: number, position: { readonly lng: number; readonly lat: number }): void {
    if (this.#size === this.#ids.length) this.#grow();
    if (this.#size > 0 && id <= this.#ids[this.#size - 1]!) this.#ascending = false;
    this.#ids[this.#size] = id;
    this.#lngs[this.#size] = Math.round(position.lng * 1e7);
    this.#lats[this.#size] = Math.round(position.lat * 1e7);
    this.#size++;
  }

  /** To be called once, after the last `add`. */
  close(): void {
    if (this.#ascending) return;
    const order = Uint32Array.from({ length: this.#size }, (_, i) => i).sort((a, b) => this.#ids[a]! - this.#ids[b]!);
    this.#ids = Float64Array.from(order, (i) => this.#ids[i]!);
    this.#lngs = Int32Array.from(order, (i) => this.#lngs[i]!);
    this.#lats = Int32Array.from(order, (i) => this.#lats[i]!);
    this.#ascending = true;
  }

  /** undefined = not in the extract, or outside the box that was kept */
  at(id: number): [number, number] | undefined {
    let low = 0;
    let high = this.#size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#ids[middle]!;
      if (found === id) return [this.#lngs[middle]! / 1e7, this.#lats[middle]! / 1e7];
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #grow(): void {
    const length = this.#ids.length * 2;
    const copy = <T extends Float64Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#ids = copy(this.#ids, new Float64Array(length));
    this.#lngs = copy(this.#lngs, new Int32Array(length));
    this.#lats = copy(this.#lats, new Int32Array(length));
  }
}
