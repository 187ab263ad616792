import { CANVASES } from './canvases.ts';

export const ROOMS = ['desk', 'wall', 'review'] as const;
export type ShotRoom = (typeof ROOMS)[number];
export const LOCALES = ['zh-CN', 'en'] as const;
export const THEMES = ['light', 'dark'] as const;

export interface Shot {
  readonly room: ShotRoom;
  readonly locale: (typeof LOCALES)[number];
  readonly theme: (typeof THEMES)[number];
  /** `3840x2160@2`: CSS pixels, device pixels per CSS pixel. */
  readonly canvas: string;
}

export type Choice = { readonly [key in keyof Shot]?: string };

/** Every room × theme × language × canvas it is made for, or those that agree with every named choice. @throws Error on a value that no shot has */
export function shotsOf(choice: Choice): readonly Shot[] {
  const all = ROOMS.flatMap((room) =>
    CANVASES[room].flatMap((canvas) =>
      THEMES.flatMap((theme) => LOCALES.map((locale): Shot => ({ room, locale, theme, canvas }))),
    ),
  );
  const keys = ['room', 'locale', 'theme', 'canvas'] as const;
  for (const key of keys) {
    const wanted = choice[key];
    const known = [...new Set(all.map((shot) => shot[key]))];
    if (wanted !== undefined && !known.some((value) => value === wanted))
      throw new Error(`--${key} ${wanted}: one of ${known.join(', ')}`);
  }
  return all.filter((shot) => keys.every((key) => choice[key] === undefined || choice[key] === shot[key]));
}

export const fileOf = ({ room, canvas, theme, locale }: Shot): string => `${room}-${canvas}-${theme}-${locale}.png`;

export function sizeOf(canvas: string): { readonly width: number; readonly height: number; readonly ratio: number } {
  const [, width, height, ratio] = /^(\d+)x(\d+)(?:@(\d+))?$/.exec(canvas) ?? [];
  return { width: Number(width), height: Number(height), ratio: Number(ratio ?? 1) };
}
