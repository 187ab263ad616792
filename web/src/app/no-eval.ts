import { config } from 'zod';

/**
 * zod would compile its checks with `new Function`, which the Content-Security-Policy refuses and reports. Imported before anything that
 * makes a schema: imports run in order.
 */
config({ jitless: true });
