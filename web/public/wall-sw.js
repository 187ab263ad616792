/*
 * Keeps the last good snapshot and the code of the wall, so that a reload without the server shows what was there. Scope /wall: no other
 * room goes through here. Same origin only; nothing is fetched that the page did not name.
 */
const CODE = 'hexsight-wall-code';
const DATA = 'hexsight-wall-data';
const PAGE = '/wall';
const MANIFEST = '/snapshot/manifest.json';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(networkFirst(request, PAGE, CODE));
  else if (url.pathname === MANIFEST) event.respondWith(networkFirst(request, MANIFEST, DATA));
  else if (url.pathname.startsWith('/snapshot/files/')) event.respondWith(cacheFirst(request, DATA));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(cacheFirst(request, CODE));
});

/** The copy only when nobody answers, or nothing is published: never in place of a newer one. */
async function networkFirst(request, key, name) {
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok || answer?.status === 304) return answer;
  const kept = await caches.open(name).then((cache) => cache.match(key));
  return kept ?? answer ?? Response.error();
}

/** These names hold the hash of the content: what is there is right. */
async function cacheFirst(request, name) {
  const kept = await caches.open(name).then((cache) => cache.match(request.url));
  return kept ?? fetch(request);
}

/** The page says what it stands on, once all of it is shown. */
self.addEventListener('message', (event) => {
  if (event.data?.kind !== 'keep') return;
  event.waitUntil(
    keep(event.data).then(
      () => event.ports[0]?.postMessage('kept'),
      () => event.ports[0]?.postMessage('failed'),
    ),
  );
});

async function keep({ manifest, files, assets }) {
  const [code, data] = await Promise.all([caches.open(CODE), caches.open(DATA)]);
  await fill(data, files);
  await fill(code, assets);
  await code.add(new Request(PAGE, { cache: 'no-cache' }));
  // Last: until now the copy was the former snapshot, whole.
  await data.put(MANIFEST, new Response(manifest, { headers: { 'Content-Type': 'application/json' } }));
  await prune(data, [...files, MANIFEST]);
  await prune(code, [...assets, PAGE]);
}

async function fill(cache, paths) {
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path);
}

async function prune(cache, paths) {
  const wanted = new Set(paths);
  for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
}
