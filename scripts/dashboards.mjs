// Writes Grafana's dashboards, deploy/monitoring/dashboards/*.json, from the panels below. `npm run monitoring` reports files that differ.
//
//   node scripts/dashboards.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

const FOLDER = 'deploy/monitoring/dashboards';
/** Grafana puts a suitable time in its place. */
const OVER = '[$__rate_interval]';
const SOURCE = { type: 'prometheus', uid: 'prometheus' };

const each = (expr, legend) => ({ expr, legend });
const rate = (metric, ...by) =>
  each(`sum by (${by.join(', ')}) (rate(${metric}${OVER}))`, by.map((label) => `{{${label}}}`).join(' '));
const perMinute = (metric, legend) => each(`60 * sum(rate(${metric}${OVER}))`, legend);
const quantile = (q, metric, ...by) =>
  each(
    `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${metric}_bucket${OVER})))`,
    [`p${q * 100}`, ...by.map((label) => `{{${label}}}`)].join(' '),
  );
/** Every platform shows the same value. */
const fleet = (metric, ...by) =>
  each(`max by (${by.join(', ')}) (${metric})`, by.map((label) => `{{${label}}}`).join(' '));

const panel = (title, unit, ...queries) => ({ title, unit, queries });

const DASHBOARDS = {
  till: {
    title: 'Starwall: sales',
    rows: {
      Sales: [
        panel(
          'Sales and refunds a minute',
          'short',
          perMinute('starwall_events_total{type="order.paid"}', 'sales'),
          perMinute('starwall_events_total{type="order.delivered"}', 'deliveries'),
          perMinute('starwall_events_total{type="refund.succeeded"}', 'refunds'),
        ),
        panel('Stars sold a minute', 'short', perMinute('starwall_stars_sold_total', 'Stars')),
      ],
      'Payments in progress': [
        panel(
          'Time until a payment is answered',
          's',
          quantile(0.5, 'starwall_pre_checkout_seconds'),
          quantile(0.99, 'starwall_pre_checkout_seconds'),
        ),
        panel('Answers to payments a second', 'short', rate('starwall_pre_checkout_seconds_count', 'outcome')),
        panel('Refusals a second', 'short', rate('starwall_pre_checkout_refusals_total', 'reason')),
      ],
      'Updates from Telegram': [
        panel('Deliveries a second', 'short', rate('starwall_ingress_seconds_count', 'status')),
        panel('Time until an update is stored', 's', quantile(0.99, 'starwall_ingress_seconds')),
        panel('Updates handled a second', 'short', rate('starwall_updates_handled_total', 'outcome')),
        panel('Age of the oldest that waits', 's', fleet('starwall_oldest_waiting_seconds', 'what')),
      ],
      'Books and stuck work': [
        panel('Stuck', 'short', fleet('starwall_trouble', 'kind')),
        panel(
          'Differences from Telegram, found in an hour',
          'short',
          each('sum(increase(starwall_events_total{type="reconciliation.difference"}[1h]))', 'differences'),
        ),
      ],
    },
  },
  machine: {
    title: 'Starwall: processes',
    rows: {
      Work: [
        panel('Waiting', 'short', fleet('starwall_waiting', 'what')),
        panel('Jobs by state', 'short', each('sum by (state) (max by (kind, state) (starwall_jobs))', '{{state}}')),
        panel('Jobs by kind', 'short', each('sum by (kind) (max by (kind, state) (starwall_jobs))', '{{kind}}')),
        panel('Delay of the most overdue job', 's', fleet('starwall_oldest_due_job_seconds', 'queue')),
        panel('Attempts at jobs a second', 'short', rate('starwall_job_attempts_total', 'kind', 'outcome')),
        panel('Duration of attempts', 's', quantile(0.95, 'starwall_job_seconds', 'queue')),
      ],
      'Other servers': [
        panel('Calls to Telegram a second', 'short', rate('starwall_telegram_calls_total', 'outcome')),
        panel('Calls to Telegram by method', 'short', rate('starwall_telegram_calls_total', 'method')),
        panel(
          'Slowed down by Telegram (429)',
          'short',
          rate('starwall_telegram_calls_total{outcome="rate_limited"}', 'method'),
        ),
        panel('Duration of calls to Telegram', 's', quantile(0.95, 'starwall_telegram_seconds')),
        panel('Calls to endpoints a second', 'short', rate('starwall_webhook_seconds_count', 'outcome')),
        panel('Duration of calls to endpoints', 's', quantile(0.95, 'starwall_webhook_seconds', 'outcome')),
      ],
      Database: [
        panel('Waits for a connection', 's', quantile(0.99, 'starwall_database_wait_seconds', 'job')),
        panel('Transactions a second', 'short', rate('starwall_database_wait_seconds_count', 'job')),
        panel('Refused by PostgreSQL a second', 'short', rate('starwall_database_errors_total', 'job', 'trouble')),
        panel('Reports a second', 'short', rate('starwall_reports_total', 'outcome')),
        panel('Lag of the replica', 's', each('starwall_replica_lag_seconds{job="starwall-platform"}', '{{instance}}')),
        panel('Age of the counts', 's', each('starwall_fleet_age_seconds', '{{instance}}')),
      ],
      Processes: [
        panel('Ready', 'short', each('starwall_ready', '{{job}} {{instance}}')),
        panel('Answers of the API a second', 'short', rate('starwall_api_seconds_count', 'status')),
        panel('Duration of the API', 's', quantile(0.99, 'starwall_api_seconds')),
        panel(
          'CPU',
          'percentunit',
          each(
            `sum by (job, instance) (rate(process_cpu_seconds_total{job=~"starwall-.+"}${OVER}))`,
            '{{job}} {{instance}}',
          ),
        ),
        panel('Memory', 'bytes', each('process_resident_memory_bytes{job=~"starwall-.+"}', '{{job}} {{instance}}')),
        panel('Processes that respond', 'short', each('sum by (job) (up{job=~"starwall-.+"})', '{{job}}')),
        panel(
          'Starts in 15 minutes',
          'short',
          each('changes(process_start_time_seconds{job=~"starwall-.+"}[15m])', '{{job}} {{instance}}'),
        ),
        panel(
          'Event loop delay (p99)',
          's',
          each('nodejs_eventloop_lag_p99_seconds{job=~"starwall-.+"}', '{{job}} {{instance}}'),
        ),
        panel('Partitions exist for the next', 's', each('min(starwall_partitions_ahead_seconds)', 'at least')),
        panel('Clock ahead of the database', 's', each('starwall_clock_ahead_seconds', '{{job}} {{instance}}')),
        panel('Free space for files', 'bytes', each('starwall_files_free_bytes', '{{job}} {{instance}}')),
        panel(
          'Failed rounds a second',
          'short',
          each(`sum by (round) (rate(starwall_failed_rounds_total${OVER})) or vector(0)`, '{{round}}'),
        ),
        panel(
          'Alerts',
          'short',
          each('count by (alertname) (ALERTS{alertstate="firing"}) or vector(0)', '{{alertname}}'),
        ),
      ],
    },
  },
};

/** Every query of every panel, for checks. */
export const queriesOf = () =>
  Object.values(DASHBOARDS).flatMap(({ title, rows }) =>
    Object.values(rows).flatMap((panels) =>
      panels.flatMap((it) => it.queries.map(({ expr }) => ({ panel: `${title} / ${it.title}`, expr }))),
    ),
  );

function chart({ title, unit, queries }) {
  const built = new PanelBuilder()
    .title(title)
    .unit(unit)
    .min(title.startsWith('Clock') ? undefined : 0)
    .datasource(SOURCE)
    .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode('list').placement('bottom'))
    .span(8)
    .height(7);
  for (const { expr, legend } of queries)
    built.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(SOURCE).range());
  return built;
}

function dashboard(uid, { title, rows }) {
  const built = new DashboardBuilder(title)
    .uid(`starwall-${uid}`)
    .tags(['starwall'])
    .timezone('browser')
    .refresh('15s')
    .time({ from: 'now-1h', to: 'now' });
  for (const [name, panels] of Object.entries(rows)) {
    built.withRow(new RowBuilder(name));
    for (const each of panels) built.withPanel(chart(each));
  }
  return `${JSON.stringify(built.build(), undefined, 2)}\n`;
}

/** @returns the files whose content is not what the panels above make */
export function staleDashboards() {
  return Object.entries(DASHBOARDS).flatMap(([uid, it]) => {
    const file = `${FOLDER}/${uid}.json`;
    return readFileSync(file, 'utf8') === dashboard(uid, it) ? [] : [file];
  });
}

if (process.argv[1] === import.meta.filename)
  for (const [uid, it] of Object.entries(DASHBOARDS)) writeFileSync(`${FOLDER}/${uid}.json`, dashboard(uid, it));
