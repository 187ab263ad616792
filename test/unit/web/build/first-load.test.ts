import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { emptied } from '../../../../web/build/emptied.ts';
import { type Chunk, firstLoad } from '../../../../web/build/first-load.ts';

const chunk = (fileName: string, about: Partial<Chunk> = {}): Chunk => ({
  fileName,
  code: `export const name = ${JSON.stringify(fileName)};`,
  isEntry: false,
  facadeModuleId: null,
  moduleIds: [],
  imports: [],
  ...about,
});

const CHUNKS = [
  chunk('index.js', { isEntry: true, imports: ['react.js'] }),
  chunk('react.js', { imports: ['shared.js'] }),
  chunk('shared.js', { imports: ['react.js'] }),
  chunk('city-map.js', { moduleIds: ['/r/web/src/map/city-map.ts'], imports: ['colours.js', 'react.js'] }),
  chunk('colours.js'),
  chunk('desk.js', { moduleIds: ['/r/web/src/rooms/desk/desk.tsx', '/r/web/src/ui/bar.tsx'] }),
  chunk('device.js', { moduleIds: ['/r/node_modules/@luma.gl/webgl/dist/adapter/webgl-device.js'] }),
  chunk('later.js', { imports: ['index.js', 'later-still.js'] }),
  chunk('later-still.js'),
];

describe('what is loaded before the first map', () => {
  it('is the entry, the map, the desk and the device, with all they import, each once', () => {
    const files = firstLoad(CHUNKS).map(({ file }) => file);
    expect([...files].sort()).toEqual(
      ['city-map.js', 'colours.js', 'desk.js', 'device.js', 'index.js', 'react.js', 'shared.js'].sort(),
    );
  });

  it('is counted as gzip', () => {
    const entry = firstLoad(CHUNKS).find(({ file }) => file === 'index.js');
    expect(entry?.gzip).toBe(gzipSync(CHUNKS[0]?.code ?? '', { level: 9 }).length);
  });

  it('cannot shrink by a file that was moved or renamed', () => {
    const moved = CHUNKS.filter(({ fileName }) => fileName !== 'desk.js');
    expect(() => firstLoad(moved)).toThrow('desk');
  });
});

describe('a module with nothing behind its names', () => {
  it('keeps every name that is exported in its own statement', () => {
    const code =
      'import x from "y";\nexport const A = /* wgsl */ `fn a() {}\nexport`;\nexport function b() {}\nexport class C {}';
    expect(emptied(code, "''")).toBe("export const A = '';\nexport const b = '';\nexport const C = '';");
  });

  it('is refused where no name is found', () => {
    expect(emptied('export { a } from "b";', "''")).toBeNull();
  });
});
