import { describe, expect, test } from 'vitest';
import { closingLine, countTests } from '../../../scripts/test/count-tests.ts';

const file = (name: string, statuses: string[], status = statuses.includes('failed') ? 'failed' : 'passed') => ({
  name,
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });

describe('counting', () => {
  test('adds up the files', () => {
    const text = report(
      file('/a', ['passed', 'passed', 'failed']),
      file('/b', ['passed', 'skipped', 'todo', 'pending']),
    );
    expect(countTests(text, ['/a', '/b'], 1)).toEqual({ passed: 3, failed: 1, skipped: 3, problems: [] });
  });

  test('a file that did not load is a failure', () => {
    expect(countTests(report(file('/a', [], 'failed')), ['/a'], 1)).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a file whose set-up failed is a failure, although none of its tests ran', () => {
    expect(countTests(report(file('/a', ['skipped'], 'failed')), ['/a'], 1)).toMatchObject({ failed: 1, skipped: 1 });
  });

  test('a file on disk that did not run is a failure', () => {
    expect(countTests(report(file('/a', ['passed'])), ['/a', '/b'], 0)).toMatchObject({
      passed: 1,
      failed: 1,
      problems: ['/b did not run'],
    });
  });

  test('a runner that fails for a reason of its own is a failure', () => {
    expect(countTests(report(file('/a', ['passed'])), ['/a'], 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test.each([null, '', '{"testResults": [{'])('no report (%j) is a failure', (text) => {
    expect(countTests(text, ['/a'], 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});

test('the closing line names what was skipped only if anything was', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(closingLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
});
