/**
 * The look of "nobody looked here": stripes made in the fragment shader, so that a hatched cell costs no more geometry than a filled
 * one. A vertex colour with this alpha asks for them; 255 is solid, 0 is nothing. The stripes are anchored to a place of the map, so
 * that they move with it.
 */
export const HATCH_ALPHA = 128;

/** CSS pixels from stripe to stripe, and how wide one is. */
const PERIOD_PX = 6;
const STRIPE_PX = 1.4;

export interface HatchUniforms {
  /** Device pixels from the lower left corner of the canvas. */
  readonly anchor: readonly [number, number];
  /** Device pixels per CSS pixel. */
  readonly scale: number;
}

const block = `\
layout(std140) uniform hatchUniforms {
  vec2 anchor;
  float scale;
} hatch;
`;

export const hatchModule = {
  name: 'hatch',
  vs: block,
  fs: block,
  uniformTypes: { anchor: 'vec2<f32>', scale: 'f32' },
} as const;

export const hatchInject = {
  'vs:#decl': 'out float vHatched;\n',
  'vs:#main-end': `\
  vHatched = fillColors.a > 0.25 && fillColors.a < 0.75 ? 1.0 : 0.0;
  if (vHatched > 0.5) vColor.a = layer.opacity;
  // Most cells of a city are empty: put off the screen, they cost no fragment.
  if (fillColors.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
`,
  'fs:#decl': 'in float vHatched;\n',
  'fs:DECKGL_FILTER_COLOR': `\
  if (vHatched > 0.5) {
    vec2 at = (gl_FragCoord.xy - hatch.anchor) / hatch.scale;
    float along = abs(mod((at.x - at.y) * 0.7071, ${PERIOD_PX.toFixed(1)}) - ${(PERIOD_PX / 2).toFixed(1)});
    float edge = 0.5 / hatch.scale;
    color.a *= 1.0 - smoothstep(${(STRIPE_PX / 2).toFixed(2)} - edge, ${(STRIPE_PX / 2).toFixed(2)} + edge, along);
  }
`,
} as const;
