export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

interface Vertex {
  at: number[];
  value: number;
}

function search(f: (at: readonly number[]) => number, start: readonly number[], step: number): Minimum {
  const d = start.length;
  const measure = (at: number[]): Vertex => {
    const value = f(at);
    return { at, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const simplex = [measure([...start])];
  for (let k = 0; k < d; k++) simplex.push(measure(start.map((x, j) => (j === k ? x + step : x))));
  for (let iteration = 0; iteration < 2000 * d; iteration++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex[d]!];
    const width = Math.max(...simplex.map((vertex) => Math.max(...vertex.at.map((x, k) => Math.abs(x - best.at[k]!)))));
    if (worst.value - best.value <= 1e-14 * (Math.abs(best.value) + 1) && width < 1e-8) break;
    const centre = start.map((_, k) => simplex.slice(0, d).reduce((sum, vertex) => sum + vertex.at[k]!, 0) / d);
    const along = (t: number): Vertex => measure(centre.map((c, k) => c + t * (worst.at[k]! - c)));
    const mirrored = along(-1);
    if (mirrored.value < best.value) {
      const further = along(-2);
      simplex[d] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < simplex[d - 1]!.value) simplex[d] = mirrored;
    else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5);
      if (nearer.value < Math.min(worst.value, mirrored.value)) simplex[d] = nearer;
      else for (let k = 1; k <= d; k++) simplex[k] = measure(simplex[k]!.at.map((x, j) => (x + best.at[j]!) / 2));
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return simplex[0]!;
}

/**
 * A local minimum by the simplex of Nelder and Mead (1965, Computer Journal 7, 308–313), restarted twice from where it ended.
 * For smooth functions of two or three parameters. `step`: first edge of the simplex, in parameter units. Cost: some hundred calls.
 */
export function nelderMead(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  options: { readonly step: number },
): Minimum {
  let found = search(f, start, options.step);
  for (let again = 0; again < 2; again++) found = search(f, found.at, options.step / 4);
  return found;
}
