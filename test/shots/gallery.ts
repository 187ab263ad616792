import { fileOf, type Shot } from './plan.ts';

/** All pictures on one page, a room after the other, for looking through them. */
export function galleryPage(shots: readonly Shot[]): string {
  const pictures = shots
    .map((shot) => {
      const file = fileOf(shot);
      return `<figure><a href="${file}"><img src="${file}" loading="lazy" alt="${file}"></a><figcaption>${file}</figcaption></figure>`;
    })
    .join('\n');
  return `<!doctype html>
<meta charset="utf-8">
<title>hexsight: ${shots.length} pictures</title>
<style>body { font: 14px system-ui; display: grid; grid-template-columns: repeat(auto-fill, minmax(36rem, 1fr)); gap: 1rem; background: #888 }
figure { margin: 0 } img { max-width: 100%; display: block }</style>
${pictures}
`;
}
