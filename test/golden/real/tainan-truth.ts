import { join } from 'node:path';
import { mappingTable, type PlaceOf, rawCsv, type Truth, text, truthBySql, withCategory } from './truth.ts';

const POLICE = ['違規停車', '妨害安寧', '妨礙安寧', '騎樓舉發'];
/** Subprojects under 違規停車 or 騎樓舉發 that belong to somebody else (profile README, "Police route"). */
const NOT_POLICE = ['佔用道路', '9盞以下路燈故障', '交通疏導', '道路散落物'];
const list = (words: readonly string[]): string => `(${words.map(text).join(', ')})`;

const outsideWindow = (date: string): string => `(${date} < DATE '2015-04-13' OR ${date} >= DATE '2018-04-02')`;

/** What the two Tainan files hold. @see data/profiles/tainan/README.md */
export function tainanTruth(input: string, placeOf: PlaceOf): Promise<Truth> {
  return truthBySql(
    [
      mappingTable('tainan'),
      `CREATE TABLE ticket AS ${rawCsv(join(input, 'tickets_1999_2015-04_2018-03.csv.gz'))}`,
      `CREATE TABLE coded_ticket AS
       SELECT *, service_name || '/' || subproject AS code, try_strptime(requested_datetime, '%Y-%m-%d %H:%M:%S') AS moment
       FROM ticket`,
      `CREATE TABLE log AS
       SELECT row_number() OVER (ORDER BY firm.id, log.id) AS "row", firm.value->'point'->>'lng' AS lng, firm.value->'point'->>'lat' AS lat,
         log.value->>0 AS code, log.value->>2 AS document, log.value->>3 AS raw_date
       FROM read_text(${text(join(input, 'labor_violations.json'))}) AS file, json_each(file.content) AS firm,
         json_each(firm.value->'logs') AS log`,
      // Years of the Republic of China, in the layouts found in the file.
      `CREATE TABLE part AS
       SELECT *, CASE
         WHEN regexp_matches(raw_date, '^[0-9]{7}$') THEN regexp_extract(raw_date, '^(...)(..)(..)$', ['y', 'm', 'd'])
         WHEN regexp_matches(raw_date, '^[0-9]{3}/[0-9]{1,2}/[0-9]{1,2}$') THEN regexp_extract(raw_date, '^(.*)/(.*)/(.*)$', ['y', 'm', 'd'])
         WHEN regexp_matches(raw_date, '^[0-9]{3}[.][0-9]{1,2}[.][0-9]{1,2}$') THEN regexp_extract(raw_date, '^(.*)[.](.*)[.](.*)$', ['y', 'm', 'd'])
         WHEN regexp_matches(raw_date, '^[0-9]{3}年[0-9]{1,2}月[0-9]{1,2}日$') THEN regexp_extract(raw_date, '^(.*)年(.*)月(.*)日$', ['y', 'm', 'd'])
         WHEN regexp_matches(raw_date, '^[0-9]{5}/[0-9]{2}$') THEN regexp_extract(raw_date, '^(...)(..)/(..)$', ['y', 'm', 'd'])
       END AS part
       FROM log`,
      `CREATE TABLE dated_log AS
       SELECT *, CASE WHEN part IS NOT NULL
         THEN try_strptime(format('{:04d}-{}-{}', part.y::INTEGER + 1911, part.m, part.d), '%Y-%m-%d')::DATE END AS date
       FROM part`,
      `CREATE TABLE truth AS
       SELECT 'tickets' AS feed, "row", CASE WHEN moment IS NULL THEN 'date-unreadable' WHEN ${outsideWindow('moment::DATE')} THEN 'date-outside-window' END AS reason,
         CASE WHEN subproject IN ${list(POLICE)} OR (service_name IN ('違規停車', '騎樓舉發') AND subproject NOT IN ${list(NOT_POLICE)})
           THEN 'police' ELSE 'hotline' END AS source,
         category, moment::DATE AS date, hour(moment) AS hour, 'unknown' AS stage, NULL::DATE AS closed,
         try_cast(long AS DOUBLE) AS lng, try_cast(lat AS DOUBLE) AS lat, NULL::VARCHAR AS own
       FROM (${withCategory('coded_ticket', 'tainan-1999')})
       UNION ALL
       SELECT 'labour', "row", CASE WHEN date IS NULL THEN 'date-unreadable' WHEN ${outsideWindow('date')} THEN 'date-outside-window' END,
         'labour', category, date, NULL, 'unknown', NULL, try_cast(lng AS DOUBLE), try_cast(lat AS DOUBLE), NULL
       FROM (${withCategory('dated_log', 'labour-standards-act')})`,
    ],
    placeOf,
  );
}
