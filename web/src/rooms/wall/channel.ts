import { z } from 'zod';

/** What the operator's window and the wall say to each other. Same browser, same origin: no server in between. */
export const Command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello') }),
  z.strictObject({ kind: z.literal('go'), id: z.string().min(1).max(300) }),
  /** A place by division code. */
  z.strictObject({ kind: z.literal('visit'), division: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('pin'), id: z.string().min(1).max(300).nullable() }),
  z.strictObject({ kind: z.literal('freeze'), frozen: z.boolean() }),
  z.strictObject({ kind: z.literal('step'), by: z.union([z.literal(1), z.literal(-1)]) }),
  z.strictObject({ kind: z.literal('resume') }),
  /** Words of the operator on the wall; null takes them back. */
  z.strictObject({ kind: z.literal('caption'), text: z.string().max(120).nullable() }),
]);
export type Command = z.infer<typeof Command>;

const Bilingual = z.strictObject({ zh: z.string(), en: z.string() });

/** What the wall answers, and says whenever it changes. */
export const Report = z.strictObject({
  kind: z.literal('report'),
  snapshot: z.string(),
  at: z.string().nullable(),
  frozen: z.boolean(),
  paused: z.boolean(),
  pinned: z.string().nullable(),
  caption: z.string().nullable(),
  stops: z.array(z.strictObject({ id: z.string(), level: z.number().nullable(), caption: Bilingual })),
  health: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Report = z.infer<typeof Report>;

const NAME = 'hexsight-wall';

export interface Line<Out> {
  say(message: Out): void;
  close(): void;
}

/** Messages that are not of the schema are not heard. Without BroadcastChannel nothing is said and nothing heard. */
export function openLine<Out, In>(heard: z.ZodType<In>, onHeard: (message: In) => void): Line<Out> {
  if (typeof BroadcastChannel === 'undefined') return { say: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const parsed = heard.safeParse(data);
    if (parsed.success) onHeard(parsed.data);
  };
  return { say: (message) => channel.postMessage(message), close: () => channel.close() };
}
