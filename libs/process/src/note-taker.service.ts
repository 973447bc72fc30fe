import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { answersIn, countedFacts, FactsWindow, SERVICES, type ServiceFacts } from '#libs/metrics';
import { NOTE_EVERY_MS, NOTES_PERIOD_MS, writeNote } from './process-notes.rows.js';
import { Rounds } from './rounds.service.js';

/** Metrics are counted per process of the system, even where it contains several applications. */
const PROCESS_ID = newUuid();
/** True in a process that receives updates. */
let isIngress = false;

/** Makes this process record that it is running, even while it is idle. */
export function noteIngress(): void {
  isIngress = true;
}

/**
 * Stores how the services performed in the last minutes, for the status page, because each process has only its own
 * metrics. Sends one small statement per interval; an idle process, other than an ingress, sends none.
 */
@Injectable()
export class NoteTaker implements OnApplicationBootstrap {
  private window: FactsWindow | undefined;
  private isQuiet = true;

  constructor(
    private readonly db: Database,
    private readonly rounds: Rounds,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.window = new FactsWindow(NOTES_PERIOD_MS, await countedFacts(), performance.now());
    this.rounds.every(NOTE_EVERY_MS, 'notes for the status page', () => this.note());
  }

  async note(): Promise<void> {
    const facts = this.window?.add(await countedFacts(), performance.now());
    if (facts === undefined) return;
    const [wasQuiet, isQuiet] = [this.isQuiet, isEmpty(facts)];
    if (wasQuiet && isQuiet && !isIngress) return;
    const note = isIngress ? { ...facts, ingress: true as const } : facts;
    await this.db.inPlatform('record how the services of this process perform', (tx) =>
      writeNote(tx, PROCESS_ID, note),
    );
    this.isQuiet = isQuiet;
  }
}

const isEmpty = (facts: ServiceFacts) => SERVICES.every((service) => answersIn(facts[service]) === 0);
