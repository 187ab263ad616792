import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { sendProblem } from './http/problem.ts';
import { SECURITY_HEADERS } from './http/security-headers.ts';
import { answer, type Site } from './routes/answer.ts';
import { fileChecker } from './store/file-checker.ts';
import { manifestStore } from './store/manifest-store.ts';

export const DEFAULT_PORT = 8320;

/** What one client may cost. Milliseconds and bytes. */
const LIMITS = {
  /** Request line and headers must be complete by then. */
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 10_000,
  /** No byte in either direction. */
  idleMs: 60_000,
  /** A whole answer, however slowly it is read: 100 MB at 170 KB/s. */
  answerMs: 10 * 60_000,
  headerBytes: 16_384,
  connections: 1024,
  /** After `close()`, answers under way get this long. */
  closeMs: 5_000,
};
export type Limits = typeof LIMITS;

export interface ServerOptions {
  /** Built web app: `index.html`, `assets/`. */
  readonly webRoot: string;
  /** Published snapshot: `manifest.json`, `files/`. Need not exist yet. */
  readonly snapshotRoot: string;
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** Further names in the `Host` header that are answered on a loopback address, e.g. behind a gateway. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly log?: (line: string) => void;
}

export interface RunningServer {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws the error of `listen` (EADDRINUSE, EACCES) */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { webRoot, snapshotRoot, host = '127.0.0.1', port = DEFAULT_PORT, log = () => {} } = options;
  const limits = { ...LIMITS, ...options.limits };
  const startedMs = performance.now();
  const server = httpServer(
    {
      webRoot,
      snapshotRoot,
      manifest: manifestStore(snapshotRoot),
      checker: fileChecker(log, () => Date.now()),
      uptimeSeconds: () => Math.floor((performance.now() - startedMs) / 1000),
      log,
    },
    isLoopback(host) ? new Set([...LOOPBACK_NAMES, host, ...(options.allowedHosts ?? [])]) : null,
    limits,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  if (!isLoopback(host)) {
    log(
      `警告：正在监听 ${host}，本机以外的人也能打开；本服务不验证身份，请放在有身份认证的网关之后。\n` +
        `Warning: listening on ${host}, so others can open it; this server checks nobody's identity: put it behind a gateway that does.`,
    );
  }
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${(server.address() as AddressInfo).port}`,
    close: () => closed(server, limits.closeMs),
  };
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function httpServer(site: Site, allowedHosts: ReadonlySet<string> | null, limits: Limits): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: Math.min(2_000, limits.headersMs),
    },
    (req, res) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) res.setHeader(name, value);
      const deadline = setTimeout(() => res.destroy(), limits.answerMs);
      res.once('close', () => clearTimeout(deadline));
      // On a loopback address a foreign name means that a page elsewhere had its name re-bound to this machine.
      if (allowedHosts && !allowedHosts.has(hostName(req.headers.host))) return sendProblem(res, 421);
      answer(site, req, res).catch((error: Error) => {
        site.log(`${req.method} ${req.url}: ${error.message}`);
        sendProblem(res, 500);
      });
    },
  );
  server.timeout = limits.idleMs;
  server.maxConnections = limits.connections;
  server.on('clientError', refuseClient);
  return server;
}

/** A client of HTTP/1.0 may leave the name out; a browser never does. */
function hostName(header: string | undefined): string {
  return header === undefined ? 'localhost' : header.replace(/:\d+$/, '').toLowerCase();
}

/** What is no HTTP never reaches a handler; its refusal carries the same headers. */
function refuseClient(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const headers = { ...SECURITY_HEADERS, Connection: 'close', 'Content-Length': '0' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`);
}

async function closed(server: Server, graceMs: number): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(impatience);
}
