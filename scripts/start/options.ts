import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PORT } from '../../server/start-server.ts';

export interface StartOptions {
  readonly profile: string;
  /** Folder of raw files; null = the made sample city. */
  readonly input: string | null;
  /** Size of the sample city; null = as the generator likes. */
  readonly incidents: number | null;
  readonly port: number;
  readonly host: string;
}

export type Parsed =
  | { readonly kind: 'options'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string };

export const USAGE = `npm start -- [选项 options]
  --port <n>         端口，0 为任意空闲端口 · port, 0 = any free one (${DEFAULT_PORT})
  --host <address>   监听地址 · address to listen on (127.0.0.1)
  --profile <id>     城市配置 · profile of the city, data/profiles/<id> (suzhou)
  --input <folder>   自己的原始数据 · folder of your own raw files (样例城市 · the sample city)
  --incidents <n>    样例城市的事件数 · size of the sample city
  --help             显示本说明 · show this`;

/** @param cwd what a relative `--input` starts from */
export function parseOptions(args: readonly string[], cwd: string): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        host: { type: 'string', default: '127.0.0.1' },
        profile: { type: 'string', default: 'suzhou' },
        input: { type: 'string' },
        incidents: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const { profile, input, host } = values;
    if (!/^[a-z0-9][a-z0-9-]*$/.test(profile)) throw new Error(`--profile "${profile}" is not the id of a profile`);
    if (profile !== 'suzhou' && input === undefined) {
      throw new Error(`--profile ${profile} needs --input: the sample city is made for suzhou only`);
    }
    if (input !== undefined && values.incidents !== undefined) {
      throw new Error('--incidents is for the sample city; it cannot be given with --input');
    }
    return {
      kind: 'options',
      options: {
        profile,
        host,
        input: input === undefined ? null : resolve(cwd, input),
        incidents:
          values.incidents === undefined ? null : integer('--incidents', values.incidents, { min: 1, max: 50_000_000 }),
        port: integer('--port', values.port, { min: 0, max: 65_535 }),
      },
    };
  } catch (error) {
    return { kind: 'wrong', why: (error as Error).message };
  }
}

function integer(name: string, text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} "${text}" is not a whole number from ${min} to ${max}`);
}
