import { join } from 'node:path';
import { mappingTable, type PlaceOf, rawCsv, type Truth, truthBySql, withCategory } from './truth.ts';

const outsideWindow = (date: string): string => `(${date} < DATE '2011-09-05' OR ${date} >= DATE '2014-10-27')`;
const asDate = (column: string): string => `try_strptime(${column}, '%Y-%m-%d')::DATE`;
const dateReason = (date: string): string =>
  `CASE WHEN ${date} IS NULL THEN 'date-unreadable' WHEN ${outsideWindow(date)} THEN 'date-outside-window' END`;

/** Numbers of the 77 community areas; `0` and blank name none. */
const ownArea = `CASE WHEN try_cast(Community_Area AS INTEGER) BETWEEN 1 AND 77 THEN Community_Area END`;

/** What the four Chicago files hold. @see data/profiles/chicago/README.md */
export function chicagoTruth(input: string, placeOf: PlaceOf): Promise<Truth> {
  const csv = (name: string): string => rawCsv(join(input, name));
  return truthBySql(
    [
      mappingTable('chicago'),
      `CREATE TABLE sanitation AS
       SELECT *, What_is_the_Nature_of_this_Code_Violation AS code, ${asDate('Creation_Date')} AS date, ${asDate('Completion_Date')} AS closed,
         md5(concat_ws('|', *COLUMNS(* EXCLUDE "row"))) AS content
       FROM (${csv('sanitation_complaints_311_to_2014.csv.gz')})`,
      // Among equal request numbers the latest completion stands; among equal completions an incident before a row marked as duplicate,
      // and of rows that say the same the first (steps/settle.ts).
      `CREATE TABLE ranked_sanitation AS
       SELECT *, row_number() OVER version = 1 AS stands, content = first_value(content) OVER version AS same
       FROM sanitation
       WINDOW version AS (PARTITION BY Service_Request_Number ORDER BY Completion_Date DESC, Status LIKE '% - Dup', "row"
         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`,
      `CREATE TABLE burglary AS
       SELECT *, Description AS code, ${asDate('Date')} AS on_date FROM (${csv('burglaries_2011-07_2014-11.csv.gz')})`,
      `CREATE TABLE ranked_burglary AS
       SELECT *, row_number() OVER (PARTITION BY ID ORDER BY Updated_On DESC, "row") = 1 AS stands FROM burglary`,
      `CREATE TABLE assault AS
       SELECT *, loc_cat AS code, try_strptime(date, '%Y-%m-%d %H:%M') AS moment FROM (${csv('aggravated_assaults_2010-2019.csv.gz')})`,
      `CREATE TABLE inspection AS
       SELECT *, Results AS code, ${asDate('Inspection_Date')} AS date FROM (${csv('food_inspections_2011-09_2014-12.csv.gz')})`,
      `CREATE TABLE truth AS
       SELECT 'sanitation' AS feed, "row",
         CASE WHEN Status LIKE '% - Dup' THEN 'duplicate-marked'
           ELSE coalesce(${dateReason('date')}, CASE WHEN NOT stands THEN if(same, 'duplicate-id', 'superseded') END) END AS reason,
         'sanitation' AS source, category, date, NULL::INTEGER AS hour, if(starts_with(Status, 'Open'), 'received', 'closed') AS stage, closed,
         try_cast(Longitude AS DOUBLE) AS lng, try_cast(Latitude AS DOUBLE) AS lat, ${ownArea} AS own
       FROM (${withCategory('ranked_sanitation', 'sanitation-nature')})
       UNION ALL
       SELECT 'burglary', "row", coalesce(${dateReason('on_date')}, if(NOT stands, 'duplicate-id', NULL)), 'police', category, on_date, NULL, 'unknown', NULL,
         try_cast(Longitude AS DOUBLE), try_cast(Latitude AS DOUBLE), ${ownArea}
       FROM (${withCategory('ranked_burglary', 'burglary-description')})
       UNION ALL
       SELECT 'assault', "row", ${dateReason('moment::DATE')}, 'police', category, moment::DATE, hour(moment), 'unknown', NULL,
         try_cast(longitude AS DOUBLE), try_cast(latitude AS DOUBLE), NULL
       FROM (${withCategory('assault', 'assault-place')})
       UNION ALL
       SELECT 'inspection', "row", CASE WHEN Results <> 'Fail' THEN 'not-in-scope' ELSE ${dateReason('date')} END, 'inspections', category, date, NULL, 'unknown', NULL,
         try_cast(Longitude AS DOUBLE), try_cast(Latitude AS DOUBLE), NULL
       FROM (${withCategory('inspection', 'inspection-result')})`,
    ],
    placeOf,
  );
}
