import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../pipelines/config/load-profile.ts';
import { explain } from '../../../pipelines/explain.ts';

describe('the example of the README', () => {
  it('is a profile that loads and explains itself', () => {
    const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].map(
      (match) => match[1] as string,
    );
    const folder = mkdtempSync(join(tmpdir(), 'hexsight-readme-'));
    try {
      writeFileSync(join(folder, 'profile.json'), blocks[0] as string);
      writeFileSync(join(folder, 'mapping.json'), blocks[1] as string);
      writeFileSync(join(folder, 'calendar.json'), '{}');
      expect(explain(loadProfile(folder))).toContain(
        'Feed "orders": files orders-*.csv, csv in gb18030, coordinates gcj02.',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
