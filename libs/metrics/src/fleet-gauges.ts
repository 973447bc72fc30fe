import { Gauge, Registry } from 'prom-client';

/**
 * The metrics of a whole installation. Only one kind of process exports them, so that they are not multiplied by the
 * number of processes.
 */
export class FleetGauges {
  readonly registry = new Registry();
  readonly waiting = this.gauge(
    'waiting',
    'Stored updates (inbox) and events (outbox) that wait for a worker.',
    'what',
  );
  readonly oldest = this.gauge('oldest_waiting_seconds', 'Age of the oldest of them that is due.', 'what');
  readonly jobs = this.gauge('jobs', 'Jobs that are due, in progress, or parked.', 'kind', 'state');
  readonly oldestJob = this.gauge('oldest_due_job_seconds', 'Delay of the most overdue job.', 'queue');
  readonly trouble = this.gauge('trouble', 'Stuck work, by the kinds of `npm run operations`.', 'kind');
  readonly partitioned = this.gauge('partitions_ahead_seconds', 'Time ahead for which partitions exist.');
  readonly age = this.gauge(
    'fleet_age_seconds',
    'Age of the values above. It grows while the database does not respond.',
  );

  private gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name: `starwall_${name}`, help, labelNames, registers: [this.registry] });
  }
}
