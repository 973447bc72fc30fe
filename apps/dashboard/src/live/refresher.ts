import type { QueryClient } from '@tanstack/react-query';
import type { Subject } from './changes';

/** Minimum milliseconds between two rounds of requests, however many events arrive. */
const PAUSE_MS = 500;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/**
 * Refetches changed data that is on screen. Each round waits for the responses to the previous one: otherwise a busy
 * shop behind a slow connection would never get a response.
 */
export class Refresher {
  private readonly due = new Set<Subject>();
  private isRunning = false;

  constructor(private readonly queries: QueryClient) {}

  changed(subjects: readonly Subject[]): void {
    for (const one of subjects) this.due.add(one);
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.due.size > 0) {
      const now = [...this.due];
      this.due.clear();
      // The first response may be older than the event, so the data is fetched once more.
      for (const one of now) if (this.isFirstAnswerDue(one)) this.due.add(one);
      await Promise.all([pause(), ...now.map((one) => this.queries.invalidateQueries({ queryKey: [one] }))]);
    }
    this.isRunning = false;
  }

  private isFirstAnswerDue(subject: Subject): boolean {
    return this.queries.isFetching({ queryKey: [subject], predicate: ({ state }) => state.data === undefined }) > 0;
  }
}
