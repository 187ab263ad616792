/**
 * Normal distribution, mean 0 and standard deviation 1. Arguments without unit.
 * Source: Cody (1969), Math. Comp. 23:631 in the form of Cody (1993), ACM TOMS 19:22; quantile: Wichura (1988), AS 241.
 */

const MIDDLE_TOP = [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356];
const MIDDLE_BOTTOM = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const SIDE_TOP = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
];
const SIDE_BOTTOM = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097, 34900.95272114598,
  38912.00328609327, 19685.429676859992,
];
const FAR_TOP = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  0.000029112874951168793,
];
const FAR_BOTTOM = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 0.00007297515550839662,
];
const INVERSE_ROOT_2PI = 0.3989422804014327;

/** Top and bottom share the degree: the bottom's leading coefficient is 1, the top's first is its leading one. */
function fraction(top: readonly number[], bottom: readonly number[], x: number): number {
  let above = top[0]! * x;
  let below = x;
  const last = bottom.length - 1;
  for (let i = 0; i < last; i++) {
    above = (above + top[i + 1]!) * x;
    below = (below + bottom[i]!) * x;
  }
  return (above + top[last + 1]!) / (below + bottom[last]!);
}

/** P(Z > x) for x >= 0.67448975. */
function upperTail(x: number): number {
  let value: number;
  if (x <= 5.656854249492381) value = fraction(SIDE_TOP, SIDE_BOTTOM, x);
  else {
    const square = 1 / (x * x);
    value = (INVERSE_ROOT_2PI - square * fraction(FAR_TOP, FAR_BOTTOM, square)) / x;
  }
  const rounded = Math.trunc(x * 16) / 16;
  const rest = (x - rounded) * (x + rounded);
  return Math.exp(-rounded * rounded * 0.5) * Math.exp(-rest * 0.5) * value;
}

/** P(Z <= x); relative error about 1e-15, also in the lower tail. NaN is refused. Cost: constant. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('normalCdf needs a number, got NaN');
  if (Math.abs(x) <= 0.67448975) return 0.5 + x * fraction(MIDDLE_TOP, MIDDLE_BOTTOM, x * x);
  if (x > 40) return 1;
  if (x < -40) return 0;
  return x > 0 ? 1 - upperTail(x) : upperTail(-x);
}

/** P(Z > x), without the loss of digits of 1 - P(Z <= x). */
export function normalUpperTail(x: number): number {
  return normalCdf(-x);
}

/** Density at x. */
export function normalPdf(x: number): number {
  return INVERSE_ROOT_2PI * Math.exp(-0.5 * x * x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const NEAR_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const NEAR_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const TAIL_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const TAIL_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

/** x with P(Z <= x) = `probability`, 0 < probability < 1; relative error about 1e-15. Anything else is refused. Cost: constant. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`normalQuantile needs a probability inside (0, 1), got ${probability}`);
  const centred = probability - 0.5;
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred;
    return (centred * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r);
  }
  const r = Math.sqrt(-Math.log(centred < 0 ? probability : 1 - probability));
  const size =
    r <= 5
      ? polynomial(NEAR_TOP, r - 1.6) / polynomial(NEAR_BOTTOM, r - 1.6)
      : polynomial(TAIL_TOP, r - 5) / polynomial(TAIL_BOTTOM, r - 5);
  return centred < 0 ? -size : size;
}
