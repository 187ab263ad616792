import { join } from 'node:path';
import { mappingTable, type PlaceOf, rawCsv, type Truth, text, truthBySql, withCategory } from './truth.ts';

const outsideWindow = (date: string): string => `(${date} < DATE '2003-01-06' OR ${date} >= DATE '2020-03-02')`;
const dateReason = (date: string): string =>
  `CASE WHEN ${date} IS NULL THEN 'date-unreadable' WHEN ${outsideWindow(date)} THEN 'date-outside-window' END`;
/** One incident: the city took its number away, so all that is left names it. */
const POLICE_ID = 'Date, Category, Descript, PdDistrict, Resolution, Address, X, Y';
const number = (pattern: string, group: number): string =>
  `try_cast(nullif(regexp_extract(point, ${text(pattern)}, ${group}), '') AS DOUBLE)`;
const WKT = '^POINT [(](-?[0-9.]+) (-?[0-9.]+)[)]$';

/** What the three San Francisco files hold. @see data/profiles/san-francisco/README.md */
export function sanFranciscoTruth(input: string, placeOf: PlaceOf): Promise<Truth> {
  const csv = (name: string): string => rawCsv(join(input, name));
  return truthBySql(
    [
      mappingTable('san-francisco'),
      `CREATE TABLE police AS
       SELECT *, Category || '/' || Descript AS code, try_strptime(Date, '%Y-%m-%d %H:%M:%S') AS moment,
         row_number() OVER (PARTITION BY ${POLICE_ID} ORDER BY "row") = 1 AS stands
       FROM (${csv('police_incidents_2003-2015_altweeks.csv.zst')})`,
      // Few distinct codes: each is looked up once.
      `CREATE TABLE code AS SELECT DISTINCT code FROM police`,
      `CREATE TABLE coded AS ${withCategory('code', 'sfpd')}`,
      `CREATE TABLE buyout AS
       SELECT *, "Unknown Amount" AS code, "Pre Buyout Disclosure Declaration Date" AS declared,
         try_strptime("Pre Buyout Disclosure Declaration Date", '%m/%d/%Y')::DATE AS date,
         try_strptime("Buyout Agreement Date", '%m/%d/%Y')::DATE AS agreed
       FROM (${csv('tenant_buyouts.csv.gz')})`,
      `CREATE TABLE neighborhood AS
       SELECT feature->'properties'->>'nhood' AS name
       FROM (SELECT unnest(json_extract(content, '$.features[*]')) AS feature
         FROM read_json_objects(${text(join(input, 'analysis_neighborhoods.geojson.gz'))}) AS file(content))`,
      `CREATE TABLE ellis AS
       SELECT *, type AS code, try_strptime(date_filed, '%Y-%m-%dT00:00:00Z')::DATE AS date,
         row_number() OVER (PARTITION BY petition, address_1, apt ORDER BY "row") = 1 AS stands
       FROM (${csv('ellis_evictions.csv.gz')})`,
      `CREATE TABLE truth AS
       SELECT 'police' AS feed, "row",
         CASE WHEN Descript = 'AIDED CASE, MENTAL DISTURBED' THEN 'not-in-scope'
           ELSE coalesce(${dateReason('moment::DATE')}, if(NOT stands, 'duplicate-id', NULL)) END AS reason,
         'police' AS source, ours AS category, moment::DATE AS date, hour(moment) AS hour, 'unknown' AS stage, NULL::DATE AS closed,
         try_cast(X AS DOUBLE) AS lng, try_cast(Y AS DOUBLE) AS lat, NULL::VARCHAR AS own
       FROM police JOIN (SELECT code, coded.category AS ours FROM coded) AS coded USING (code)
       UNION ALL
       SELECT 'buyout', "row", if(declared = '', 'date-missing', ${dateReason('date')}), 'buyouts', category, date, NULL, 'unknown',
         if(agreed >= date, agreed, NULL), ${number(WKT, 1)}, ${number(WKT, 2)},
         (SELECT min(name) FROM neighborhood WHERE name = "Analysis Neighborhood")
       FROM (${withCategory('buyout', 'buyout-amount')})
       UNION ALL
       SELECT 'ellis', "row", coalesce(${dateReason('date')}, if(NOT stands, 'duplicate-id', NULL)), 'evictions', category, date, NULL, 'unknown',
         NULL, try_cast(long AS DOUBLE), try_cast(lat AS DOUBLE), NULL
       FROM (${withCategory('ellis', 'ellis-type')})`,
    ],
    placeOf,
  );
}
