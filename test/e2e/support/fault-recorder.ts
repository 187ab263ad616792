import type { Page } from 'playwright-core';

export interface Fault {
  readonly kind: 'other-origin' | 'console' | 'exception' | 'csp';
  readonly text: string;
}

export interface FaultRecorder {
  readonly faults: readonly Fault[];
  /** Must be called before the page goes anywhere. */
  watch(page: Page, origin: string): Promise<void>;
  /** @throws Error that lists every fault */
  expectNone(): void;
}

/** @param expected faults whose text matches are left out */
export function faultRecorder(expected: readonly RegExp[] = []): FaultRecorder {
  const faults: Fault[] = [];
  const add = (kind: Fault['kind'], text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) faults.push({ kind, text });
  };
  const checkOrigin = (url: string, origin: string) => {
    if (!/^(data|blob|about):/.test(url) && new URL(url).origin !== origin) add('other-origin', url);
  };
  return {
    faults,
    async watch(page, origin) {
      page.on('request', (request) => checkOrigin(request.url(), origin));
      page.on('websocket', (socket) => checkOrigin(socket.url(), origin.replace(/^http/, 'ws')));
      page.on('requestfailed', (request) => {
        if (request.failure()?.errorText === 'csp') add('csp', `blocked ${request.url()}`);
      });
      page.on('console', (message) => {
        if (message.type() !== 'error') return;
        const { url, lineNumber } = message.location();
        add(/^CSP /.test(message.text()) ? 'csp' : 'console', `${message.text()} (${url}:${lineNumber})`);
      });
      page.on('pageerror', (error) => add('exception', error.stack ?? error.message));
      // The policy of a worker is its own, and so are its violations.
      page.on('worker', (worker) => {
        worker.evaluate(reportViolations).catch(() => {});
      });
      await page.addInitScript(reportViolations);
    },
    expectNone() {
      if (faults.length === 0) return;
      throw new Error(`the page misbehaved:\n${faults.map(({ kind, text }) => `  ${kind}: ${text}`).join('\n')}`);
    },
  };
}

/** Runs in the page and in its workers. */
function reportViolations(): void {
  globalThis.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event as SecurityPolicyViolationEvent;
    console.error(`CSP ${effectiveDirective} blocked ${blockedURI} at ${sourceFile}:${lineNumber}`);
  });
}
