import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGenerate } from '../../../pipelines/commands/generate.ts';
import { type ProfileDraft, runProfileDraft } from '../../../pipelines/commands/profile-draft.ts';
import { describeReal } from '../real/real-data.ts';

interface DraftedFeed {
  readonly format: Record<string, unknown>;
  readonly fields: Record<string, unknown>;
  readonly notRead: Record<string, string>;
  readonly [key: string]: unknown;
}

async function drafted(file: string): Promise<{ draft: ProfileDraft; feed: DraftedFeed; text: string }> {
  const { draft, lines } = await runProfileDraft({ file });
  return { draft, feed: draft.feed as DraftedFeed, text: `${JSON.stringify(draft)}\n${lines.join('\n')}` };
}
const levelOf = (draft: ProfileDraft, about: string): string[] =>
  draft.findings.filter((finding) => finding.about === about).map(({ level }) => level);

describeReal('tainan', (input) => {
  it('drafts the tickets as their profile has them', async () => {
    const { draft, feed, text } = await drafted(join(input, 'tickets_1999_2015-04_2018-03.csv.gz'));
    expect(draft.problems).toEqual([]);
    expect(feed).toMatchObject({
      files: 'tickets_*.csv.gz',
      format: { type: 'csv', delimiter: ',', encoding: 'utf-8' },
      crs: 'wgs84',
      fields: {
        id: 'service_request_id',
        occurred: { column: 'requested_datetime', formats: ['yyyy-MM-dd HH:mm:ss'] },
        lng: 'long',
        lat: 'lat',
        category: ['service_name', 'subproject'],
      },
    });
    expect(Object.keys(feed.notRead).sort()).toEqual(['address_string', 'area', 'description']);
    // The address of the first row is in no line of the draft.
    expect(text).not.toContain('永大路');
  });

  it('finds the rows of a document without writing a name that stands in its keys', async () => {
    const file = join(input, 'labor_violations.json');
    const { feed, text } = await drafted(file);
    expect(feed.format).toEqual({ type: 'json', rows: '*.logs.*' });
    const firms = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect(firms.length).toBeGreaterThan(100);
    expect(firms.filter((firm) => text.includes(firm))).toEqual([]);
  });
});

describeReal('chicago', (input) => {
  it('drafts the sanitation complaints: degrees before feet, duplicates by their mark', async () => {
    const { draft, feed } = await drafted(join(input, 'sanitation_complaints_311_to_2014.csv.gz'));
    expect(draft.problems).toEqual([]);
    expect(feed).toMatchObject({
      duplicateWhen: [{ column: 'Status', in: ['Completed - Dup', 'Open - Dup'] }],
      crs: 'wgs84',
      fields: {
        id: 'Service_Request_Number',
        occurred: { column: 'Creation_Date', formats: ['yyyy-MM-dd'] },
        closed: { column: 'Completion_Date', formats: ['yyyy-MM-dd'] },
        lng: 'Longitude',
        lat: 'Latitude',
        category: 'What_is_the_Nature_of_this_Code_Violation',
        stage: 'Status',
      },
    });
    expect(feed.notRead.Street_Address).toContain('address');
    expect(levelOf(draft, 'fields.occurred')).toEqual(['check']);
  });

  it('drafts a Parquet file', async () => {
    const { draft, feed } = await drafted(join(input, 'crimes_2022_slim.parquet'));
    expect(draft.problems).toEqual([]);
    expect(feed).toMatchObject({
      format: { type: 'parquet' },
      fields: { id: '@row', occurred: { column: 'Date', formats: ['yyyy-MM-dd HH:mm:ss'] }, category: 'Primary Type' },
    });
    expect(feed.notRead.Block).toContain('address');
  });

  it('sees that a file has no header', async () => {
    const { draft, feed } = await drafted(join(input, 'crimes_2016-2017_4types.csv.gz'));
    expect(feed.format.header).toEqual(['column-1', 'column-2', 'column-3', 'column-4']);
    expect(feed.fields.occurred).toEqual({ column: 'column-1', formats: ['M/d/yyyy H:mm:ss a'] });
    expect(levelOf(draft, 'format.header')).toEqual(['fill']);
    expect(levelOf(draft, 'fields.category')).toEqual(['fill']);
  });
});

describeReal('sf', (input) => {
  it('says what to do with a packed file that it does not read', async () => {
    await expect(drafted(join(input, 'police_incidents_2003-2015_altweeks.csv.zst'))).rejects.toThrow(
      /unpack the file/,
    );
  });
});

describeReal('tw_police', (input) => {
  it('joins a year of the Republic with month and day', async () => {
    const { draft, feed } = await drafted(join(input, 'taiwan_crimes_2021-2023.csv.gz'));
    expect(draft.problems).toEqual([]);
    expect(feed.fields).toEqual({
      id: '@row',
      occurred: { column: ['oc_year', 'oc_data'], formats: ['yyy/MMdd'] },
      category: 'type',
    });
    expect(levelOf(draft, 'fields.id')).toEqual(['check']);
  });
});

describeReal('cn_text', (input) => {
  it('drafts labelled petitions and leaves users and texts alone', async () => {
    const { draft, feed, text } = await drafted(join(input, 'messages_level1_label_921.csv.gz'));
    expect(draft.problems).toEqual([]);
    expect(feed.fields).toEqual({
      id: '留言编号',
      occurred: { column: '留言时间', formats: ['yyyy/M/d H:mm:ss'] },
      category: '一级标签',
    });
    expect(Object.keys(feed.notRead).sort()).toEqual(['模型结果', '留言主题', '留言用户', '留言详情']);
    expect(text).not.toContain('U0007047');
  });

  it('says that petitions without a label have no category', async () => {
    const { draft, feed } = await drafted(join(input, 'messages_att3_4326.csv.gz'));
    expect(draft.problems.join()).toContain('fields.category');
    expect(levelOf(draft, 'fields.category')).toEqual(['fill']);
    expect(feed.fields.category).toBeUndefined();
  });
});

describe('the sample city', () => {
  let folder = '';
  const file = (start: string): string => {
    const name = readdirSync(folder).find((candidate) => candidate.startsWith(start));
    if (!name) throw new Error(`no file ${start}`);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hexsight-draft-'));
    rmSync(folder, { recursive: true });
    await runGenerate({ out: folder, incidents: 12_000, weeks: 12, seed: 7 });
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}-truth`, { recursive: true, force: true });
  });

  it('the GB18030 hotline is drafted as its profile has it', async () => {
    const { draft, feed, text } = await drafted(file('complaints-2026-09'));
    expect(draft.problems).toEqual([]);
    expect(feed).toMatchObject({
      files: 'complaints-*.csv',
      format: { type: 'csv', delimiter: ',', encoding: 'gb18030' },
      duplicateWhen: [{ column: '办理状态', in: ['重复件'] }],
      deletedWhen: [{ column: '办理状态', in: ['已作废'] }],
      fields: {
        id: '工单编号',
        revision: '版本',
        occurred: { column: '发生时间' },
        reported: { column: '受理时间' },
        closed: { column: '办结时间' },
        lng: '经度',
        lat: '纬度',
        category: ['诉求类别一级', '诉求类别二级', '诉求类别三级'],
        stage: '办理状态',
      },
    });
    for (const column of ['诉求人', '联系电话', '地址', '诉求内容']) expect(feed.notRead[column]).toBeTruthy();
    expect(levelOf(draft, 'crs')).toEqual(['check']);
    // The made persons of the sample have telephone numbers of one kind.
    expect(text).not.toMatch(/1990000\d{4}/);
    expect(text).not.toMatch(/示例路|样例/);
  });

  it('the workbook of disputes, with its dates by their style', async () => {
    const { draft, feed, text } = await drafted(file('disputes-2026-Q3'));
    expect(draft.problems).toEqual([]);
    expect(feed).toMatchObject({
      format: { type: 'xlsx', sheet: '矛盾纠纷台账', headerRow: 1, headerRows: 1 },
      fields: {
        id: '纠纷编号',
        occurred: { column: '发生日期', formats: ['excel'] },
        reported: { column: '登记日期', formats: ['excel'] },
        closed: { column: '结案日期', formats: ['excel'] },
        category: ['纠纷大类', '纠纷类型'],
        stage: '调处阶段',
      },
      stages: { 已结案: 'closed' },
    });
    expect(Object.keys(feed.notRead).sort()).toEqual(['当事人', '案情简介', '证件号码'].sort());
    expect(text).not.toMatch(/\d{17}[\dX]/);
  });

  it('the police lines with their initials', async () => {
    const { draft, feed } = await drafted(file('police-2026-09'));
    expect(draft.problems).toEqual([]);
    expect(feed.fields).toMatchObject({
      id: 'jjdbh',
      revision: 'bb',
      occurred: { column: 'fssj', formats: ['iso'] },
      reported: { column: 'bjsj' },
      closed: { column: 'jasj' },
      lng: 'lng',
      lat: 'lat',
      category: 'jqlb',
      stage: 'clzt',
    });
    expect(Object.keys(feed.notRead).sort()).toEqual(['bjdh', 'bjnr']);
  });

  it('writes a file once and never over another', async () => {
    const out = join(folder, 'draft.json');
    const { draft } = await runProfileDraft({ file: file('police-2026-09'), out });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(JSON.parse(JSON.stringify(draft)));
    writeFileSync(out, 'mine');
    await expect(runProfileDraft({ file: file('police-2026-09'), out })).rejects.toThrow(/the file exists/);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });
});
