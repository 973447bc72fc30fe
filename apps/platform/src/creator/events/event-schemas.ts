import { z } from 'zod';
import { EVENT_TYPES, type EventType } from '#libs/journal';
import { shownTime } from '#libs/kernel';
import { EVENT_DATA } from './event-data.js';

/** Types of events whose `data` has one schema. */
interface Family {
  /** The name of the component that describes such an event. */
  readonly name: string;
  readonly data: z.ZodObject;
  readonly types: readonly EventType[];
}

const dataOf: Readonly<Record<EventType, z.ZodObject>> = EVENT_DATA;

const EVENT_FAMILIES: readonly Family[] = [...new Set(Object.values(dataOf))].map((data) => ({
  name: `${String(data.meta()?.['id']).replace(/Event$/, '')}Event`,
  data,
  types: EVENT_TYPES.filter((type) => dataOf[type] === data),
}));

const truncatedSchema = z
  .object({ object: z.string(), id: z.string().optional(), truncated: z.literal(true) })
  .describe('In a webhook whose body would exceed 20 kB: read the object from the API.');

/** Allows further fields: an event that is read also has its deliveries. */
export const MORE_MAY_FOLLOW = { additionalProperties: undefined };

/**
 * The fields of `data` are inlined rather than a component, because they have no `livemode`: the event itself has one.
 */
const familySchema = ({ name, data, types }: Family) =>
  z
    .object({
      object: z.literal('event'),
      id: z.string(),
      type: z.enum(types as [EventType, ...EventType[]]),
      timestamp: shownTime,
      livemode: z
        .boolean()
        .describe('True for real Stars; false with the simulator and for bots of the test environment.'),
      sequence: z
        .int()
        .optional()
        .describe('Events of one order are numbered from 1, because webhooks may arrive out of order.'),
      data: z.union([z.object(data.shape), truncatedSchema]).describe('The object right after the event.'),
      previous_attributes: z
        .object(data.shape)
        .partial()
        .optional()
        .describe('For changes: the previous values of the changed fields.'),
    })
    .meta({ id: name, ...MORE_MAY_FOLLOW });

const reference = (name: string) => `#/components/schemas/${name}`;

/** The component that describes an event of each type. */
export const EVENT_REFERENCES = Object.fromEntries(
  EVENT_FAMILIES.flatMap(({ name, types }) => types.map((type) => [type, reference(name)])),
);

const [first, ...others] = EVENT_FAMILIES.map(familySchema);
if (first === undefined) throw new Error('There are no events.');

export const eventSchema = z.discriminatedUnion('type', [first, ...others]).meta({
  id: 'Event',
  description: 'Also the body of every webhook. Switch on `type`.',
  discriminator: { propertyName: 'type', mapping: EVENT_REFERENCES },
});
