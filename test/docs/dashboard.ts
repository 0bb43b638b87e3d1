/** The Grafana dashboard of the table `invocations`. `npm run docs` writes it, so that it is laid out by one rule and cannot drift. */

const datasource = { type: "postgres", uid: "throttle-bench" };

/** The rows of the chosen run that its consumer wrote, and those that its recorder of dead letters wrote. */
const completed = "group_id = '${run}/consumer'";
const dead = "group_id = '${run}/dead-letter'";
const either = `(${completed} or ${dead})`;

/** The completions of the chosen runs. */
const grafanaRuns = "${runs:sqlstring}";
const completions = `select id, sent_at, started_at, created_at, group_id from invocations where group_id in (${grafanaRuns})`;

/** A moment on a clock that begins at 0 with the run's first event. So virtual times, real times and runs of other days share one axis. */
const since = (moment: string) =>
  `timestamp 'epoch' + (${moment} - (select min(sent_at) from invocations where ${either}))`;

interface Panel {
  title: string;
  description: string;
  type: "timeseries" | "stat" | "table";
  sql: string;
  unit: string;
  /** columns of 24, and rows */
  size: [width: number, height: number];
}

/** The definitions of the figures are those of `throttle-bench report`. */
const panels: Panel[] = [
  {
    title: "Events",
    description:
      "Distinct events that completed, that were dead-lettered and never completed, and inserts that repeat an event.",
    type: "table",
    sql: `select count(*) filter (where done) as "completed", count(*) filter (where not done) as "failed",
  coalesce(sum(inserts) filter (where done), 0)::int - count(*) filter (where done) as "duplicates"
from (select bool_or(${completed}) as done, count(*) filter (where ${completed}) as inserts
  from invocations where ${either} group by id) as event`,
    unit: "short",
    size: [8, 5],
  },
  {
    title: "Time taken",
    description: "From the first event made to the last insert of a completed event.",
    type: "stat",
    sql: `select extract(epoch from (select max(created_at) from invocations where ${completed}) - min(sent_at))::float8 as "time taken"
from invocations where ${either}`,
    unit: "s",
    size: [4, 5],
  },
  {
    title: "DB inserts per second",
    description: "Rows in whole seconds since the first insert; least and most over the seconds that have any.",
    type: "table",
    sql: `select round(avg(inserts), 3)::float8 as "avg", max(inserts) as "max", min(inserts) as "min", count(*) as "seconds with inserts" from (
  select floor(extract(epoch from created_at - (select min(created_at) from invocations where ${either}))) as second, count(*) as inserts
  from invocations where ${completed} group by 1) as busy`,
    unit: "short",
    size: [6, 5],
  },
  {
    title: "Wait",
    description: "From the event's making to its first completion.",
    type: "table",
    sql: `select percentile_disc(0.5) within group (order by wait) as "p50", percentile_disc(0.95) within group (order by wait) as "p95",
  percentile_disc(0.99) within group (order by wait) as "p99", max(wait) as "oldest"
from (select extract(epoch from min(created_at) - min(sent_at))::float8 as wait from invocations where ${completed} group by id) as events`,
    unit: "s",
    size: [6, 5],
  },
  {
    title: "DB inserts per second over time",
    description: "The published timeline: completions in each second; seconds without one are 0.",
    type: "timeseries",
    sql: `select ${since("second")} as "time", count(id) as "inserts per second"
from generate_series((select date_trunc('second', min(created_at)) from invocations where ${completed}),
  (select max(created_at) from invocations where ${completed}), interval '1 second') as second
left join invocations on ${completed} and created_at >= second and created_at < second + interval '1 second'
group by second order by second`,
    unit: "short",
    size: [24, 8],
  },
  {
    title: "Runs against each other",
    description: "Inserts per second, over ten seconds each, of the chosen groups, each from its own first event on.",
    type: "timeseries",
    sql: `select timestamp 'epoch' + floor(extract(epoch from created_at - first) / 10) * interval '10 seconds' as "time", group_id as metric, count(*)::float8 / 10 as "inserts per second"
from (${completions}) as rows join (select group_id, min(sent_at) as first from (${completions}) as sent group by 1) as start using (group_id)
group by 1, 2 order by 1, 2`,
    unit: "short",
    size: [24, 8],
  },
  {
    title: "Groups",
    description:
      "Each chosen group: rows, distinct events, repeats, instances, batches, time from first event to last row.",
    type: "table",
    sql: `select group_id as "group", count(*) as "rows", count(distinct id) as "events", count(*) - count(distinct id) as "duplicates",
  count(distinct cache_id) as "instances", count(distinct batch_id) as "batches",
  extract(epoch from max(created_at) - min(sent_at))::float8 as "seconds"
from invocations where group_id in (${grafanaRuns}) group by 1 order by min(sent_at)`,
    unit: "short",
    size: [24, 7],
  },
  {
    title: "Wait over time",
    description: "Percentiles of the events that were inserted within each ten seconds.",
    type: "timeseries",
    sql: `select date_bin('10 seconds', ${since("created_at")}, timestamp 'epoch') as "time",
  percentile_cont(0.5) within group (order by extract(epoch from created_at - sent_at)) as "p50",
  percentile_cont(0.95) within group (order by extract(epoch from created_at - sent_at)) as "p95",
  percentile_cont(0.99) within group (order by extract(epoch from created_at - sent_at)) as "p99"
from invocations where ${completed} group by 1 order by 1`,
    unit: "s",
    size: [12, 8],
  },
  {
    title: "Concurrency",
    description:
      "Handler intervals, from taking an event up to its insert, that overlap; failed invocations leave no row.",
    type: "timeseries",
    sql: `select ${since("at")} as "time", sum(sum(step)) over (order by at) as "overlapping invocations" from (
  select started_at as at, 1 as step from invocations where ${completed}
  union all select created_at, -1 from invocations where ${completed}) as ends
group by at order by at`,
    unit: "short",
    size: [12, 8],
  },
  {
    title: "Dead letters over time",
    description: "Events given up, when the recorder wrote them.",
    type: "timeseries",
    sql: `select date_trunc('second', ${since("created_at")}) as "time", count(*) as "dead letters" from invocations where ${dead} group by 1 order by 1`,
    unit: "short",
    size: [12, 7],
  },
  {
    title: "Duplicates",
    description: "Events that the consumer inserted more than once.",
    type: "table",
    sql: `select id, count(*) as "inserts", extract(epoch from max(created_at) - min(created_at))::float8 as "seconds apart"
from invocations where ${completed} group by id having count(*) > 1 order by 2 desc, 1 limit 100`,
    unit: "short",
    size: [12, 7],
  },
];

const variables = [
  {
    name: "run",
    label: "Run",
    query: "select regexp_replace(group_id, '/[^/]*$', '') from invocations group by 1 order by max(sent_at) desc",
    multi: false,
  },
  {
    name: "runs",
    label: "Compare",
    query: "select group_id from invocations group by 1 order by max(sent_at) desc",
    multi: true,
  },
];

/** The text of the dashboard's file. */
export function dashboardText(): string {
  return `${JSON.stringify(dashboard(), null, 2)}\n`;
}

function dashboard(): object {
  return {
    uid: "throttle-bench",
    title: "throttle-bench",
    description: "What a way of throttling did to a burst of events, from the rows of its runs.",
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: "utc",
    // The clock begins at 0. The longest of the shipped scenarios fits in.
    time: { from: "1970-01-01T00:00:00.000Z", to: "1970-01-01T00:35:00.000Z" },
    refresh: "",
    templating: {
      list: variables.map(({ name, label, query, multi }) => ({
        ...{ name, label, query, definition: query, multi, datasource },
        ...{ type: "query", refresh: 2, sort: 0, includeAll: false, hide: 0, options: [] },
      })),
    },
    panels: laidOut(),
  };
}

/** The panels, placed from left to right in rows of 24 columns. */
function laidOut(): object[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return panels.map(({ title, description, type, sql, unit, size: [w, h] }, index) => {
    if (x + w > 24) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const gridPos = { x, y, w, h };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return {
      id: index + 1,
      ...{ title, description, type, datasource, gridPos },
      fieldConfig: { defaults: { unit, min: type === "timeseries" ? 0 : undefined }, overrides: [] },
      targets: [
        {
          refId: "A",
          datasource,
          format: type === "timeseries" ? "time_series" : "table",
          rawQuery: true,
          rawSql: sql,
        },
      ],
    };
  });
}
