/**
 * The one place that knows which MapLibre is used: the build for a strict content security policy, whose worker is a
 * file of our own origin instead of a `blob:`. The worker is taken as it is (`?url`), so that no bundler rewrites it.
 */
import maplibre from 'maplibre-gl/dist/maplibre-gl-csp.js';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-csp-worker.js?url';
import 'maplibre-gl/dist/maplibre-gl.css';

maplibre.setWorkerUrl(new URL(workerUrl, import.meta.url).href);

export default maplibre;
