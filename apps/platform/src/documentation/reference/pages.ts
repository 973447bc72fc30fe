import type { OpenAPIObject } from '@nestjs/swagger';
import { EVENT_TYPES, type EventType } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { samplesAt } from '../../creator/events/samples.js';
import { ID } from '../../creator/events/sample-rows.js';
import { ERRORS } from './error-list.js';
import type { Shelf } from './fields.js';
import { guidePage } from './guide.js';
import { codeBlock, type Html, html, prose } from './html.js';
import { readDocument, type Reference, ROOT, slugOf } from './model.js';
import { operationSection } from './operation.js';
import { shell } from './shell.js';

/** The time of all example events. */
const SAMPLE_TIME = new Date('2026-12-01T09:00:00Z');

/**
 * Renders the pages of the API reference, named by the part of the address after `/docs/`; the first one's name is
 * empty. Each is generated on its first request and cached.
 */
export class ReferencePages {
  private readonly reference: Reference;
  private readonly shelf: Shelf;

  private readonly made = new Map<string, string>();

  /** @param origin scheme, host and port under which the examples reach this platform */
  constructor(
    document: OpenAPIObject,
    private readonly origin: string,
  ) {
    this.reference = readDocument(document);
    const addresses = new Map(
      this.reference.operations.map(({ method, path, tag, id }) => [
        `${method} ${anyParameter(path)}`,
        `${ROOT}/${slugOf(tag)}#${id}`,
      ]),
    );
    const links = (method: string, path: string) => addresses.get(`${method} ${anyParameter(path)}`);
    this.shelf = { schemas: this.reference.schemas, links };
  }

  /** @returns undefined when there is no such page */
  page(name: string): string | undefined {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const page = this.make(name);
    if (page !== undefined) this.made.set(name, page);
    return page;
  }

  private make(name: string): string | undefined {
    const nav = { reference: this.reference, current: name };
    if (name === '') return shell(nav, 'First ten minutes', guidePage('en', this.shelf.links, this.origin));
    if (name === 'ru') return shell(nav, 'Первые десять минут', guidePage('ru', this.shelf.links, this.origin), 'ru');
    if (name === 'errors') return shell(nav, 'Errors', this.errors());
    if (name === 'webhooks') return shell(nav, 'Webhooks', this.webhooks());
    const tag = this.reference.tags.find((one) => slugOf(one.name) === name);
    if (tag === undefined) return undefined;
    const sections = this.reference.operations
      .filter((one) => one.tag === tag.name)
      .map((one) => operationSection(one, this.shelf, this.origin));
    return shell(
      nav,
      tag.name,
      html`<header class="intro"><h1>${tag.name}</h1><p>${prose(tag.description, this.shelf.links)}</p></header>${sections}`,
    );
  }

  private errors(): Html {
    const rows = ERRORS.map(
      ({ code, status, sentence, remedy }) =>
        html`<li id="${code}"><div class="field-head"><code class="field"><a href="#${code}">${code}</a></code> <span class="type">${status}</span></div><p>${prose(sentence, this.shelf.links)}</p><p class="remedy">${prose(remedy, this.shelf.links)}</p></li>`,
    );
    return html`<header class="intro"><h1>Errors</h1><p>Errors are problem documents (RFC 9457). Switch on <code>code</code>: codes may be added, but never change their meaning. <code>remedy</code> says what to do, <code>errors</code> names wrong fields, and <code>request_id</code> identifies the request in our log.</p></header><section class="operation"><div class="about"><ul class="fields">${rows}</ul></div><div class="examples">${codeBlock(PROBLEM, 'A refusal')}</div></section>`;
  }

  private webhooks(): Html {
    const samples = samplesAt(SAMPLE_TIME);
    const sections = EVENT_TYPES.map((type) => {
      const { data, previous } = samples[type];
      const id = type.replaceAll(/\W/g, '_');
      return html`<section class="operation" id="${id}" aria-labelledby="${id}-title"><div class="about"><h2 id="${id}-title"><a href="#${id}"><code>${type}</code></a></h2></div><div class="examples">${codeBlock(payload(type, data, previous), 'Payload')}</div></section>`;
    });
    return html`<header class="intro"><h1>Webhooks</h1><p>${prose(ABOUT_WEBHOOKS, this.shelf.links)}</p>${codeBlock(RECEIVER, 'TypeScript')}</header>${sections}`;
  }
}

const anyParameter = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');

function payload(type: EventType, data: object, previous: object | undefined): string {
  const facts = previous === undefined ? {} : { previous_attributes: previous };
  const event = {
    object: 'event',
    id: publicId('event', ID),
    type,
    created_at: SAMPLE_TIME.toISOString(),
    data,
    ...facts,
  };
  return JSON.stringify(event, undefined, 2);
}

const ABOUT_WEBHOOKS =
  'POST /v1/endpoints registers an address of yours. The events that it subscribes to are posted there, signed according to Standard Webhooks 1.0.0. Respond with any ' +
  '2xx within 15 seconds; anything else is retried, ten times within about three days. The same event may arrive twice: recognise it by its `id`. `410` disables the endpoint. ' +
  'Events are kept for at least 90 days: GET /v1/events lists them, and POST /v1/events/{id}/resend sends one again.';

const RECEIVER = `import { webhookEvent, WebhookRefused } from 'starwall/client';

app.post('/webhooks', express.raw({ type: 'application/json' }), (request, response) => {
  try {
    const event = webhookEvent(request.body, request.headers, process.env.STARWALL_WEBHOOK_SECRET);
    if (event.type === 'order.paid') console.log('Paid', event.id);
    response.sendStatus(204);
  } catch (error) {
    response.sendStatus(error instanceof WebhookRefused ? 400 : 500);
  }
});`;

const PROBLEM = JSON.stringify(
  {
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    code: 'already_refunded',
    detail: 'This payment has been refunded already.',
    remedy: 'Nothing is left to do: the buyer has the Stars back.',
    request_id: 'req_01kaz1rq80e0080000000002na',
  },
  undefined,
  2,
);
