import { describe, expect, it } from 'vitest';
import { pageFor, preloadsOf } from '../../../../web/build/room-pages.ts';

const chunk = (fileName: string, imports: readonly string[], facadeModuleId: string | null = null) => ({
  fileName,
  imports,
  facadeModuleId,
  isEntry: fileName === 'index.js',
});
const CHUNKS = [
  chunk('index.js', ['react.js', 'zod.js']),
  chunk('react.js', []),
  chunk('zod.js', []),
  chunk('wall.js', ['react.js', 'words.js'], '/r/web/src/rooms/wall/wall.tsx'),
  chunk('words.js', ['locale.js']),
  chunk('locale.js', ['index.js']),
  chunk('map.js', ['react.js'], '/r/web/src/map/city-map.ts'),
  chunk('desk.js', ['map.js'], '/r/web/src/rooms/desk/desk.tsx'),
  chunk('device.js', [], '/r/node_modules/@luma.gl/webgl/dist/adapter/webgl-device.js'),
];

describe('pages of the rooms', () => {
  it('name the code of their room, all that it imports, and nothing of another room', () => {
    expect(preloadsOf('wall', CHUNKS)).toEqual(['react.js', 'zod.js', 'wall.js', 'words.js', 'locale.js']);
    expect(preloadsOf('desk', CHUNKS)).toEqual(['react.js', 'zod.js', 'map.js', 'desk.js', 'device.js']);
  });

  it('a room that is made of something else breaks the build', () => {
    expect(() => preloadsOf('review', CHUNKS)).toThrow('rooms/review/review.tsx');
  });

  it('differ from the page of the desk in their preloads only', () => {
    const page = `<head>
    <script type="module" src="/assets/index.js"></script>
    <link rel="modulepreload" crossorigin href="/map.js">
    <link rel="stylesheet" href="/a.css">
  </head>
  <body></body>`;
    expect(pageFor(page, ['wall.js'])).toBe(
      page.replace('/map.js', '/wall.js').replace(/(.*modulepreload.*\n)(.*stylesheet.*\n)/, '$2$1'),
    );
  });
});
