import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MethodName, PARAMETERS } from '../../apps/simulator/src/api/parameters.js';
import { type Readers, unseen } from '../../apps/simulator/src/api/readers.js';
import { EXAMPLES, openScenery, type Scenery } from './examples.js';
import { openStage, type Stage } from './support.js';

interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly types: readonly string[];
}

const FILE = join('test', 'simulator', 'specification', 'bot-api.json');
const { methods } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly methods: Readonly<Record<string, string>> };

const parametersOf = (method: string): readonly Parameter[] =>
  (methods[method] ?? '')
    .split('; ')
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', mark = '', types = ''] = /^(\w+)(!?): (.+)$/.exec(part) ?? [];
      return { name, isRequired: mark === '!', types: types.split(' | ') };
    });

const KNOWN = Object.keys(PARAMETERS) as MethodName[];

/** Telegram accepts calls without these parameters, contrary to its documentation (Client.cpp). */
const OPTIONAL_IN_PRACTICE = new Set([
  'setWebhook.url', // Absent: removes the webhook.
  'editUserStarSubscription.is_canceled', // Absent: false.
  'setMyCommands.commands', // Absent: deletes the commands.
]);
/** Telegram treats text that is not JSON as missing here. */
const LENIENT = new Set(['entities', 'caption_entities', 'text_entities', 'allowed_updates']);

/** Parameters that are accepted without a visible effect. Add one here only deliberately. */
const WITHOUT_EFFECT =
  `allow_bot_chats allow_channel_chats allow_group_chats allow_paid_broadcast allow_user_chats cache_time certificate
  cover direct_messages_topic_id disable_content_type_detection disable_notification exclude_from_blockchain exclude_unsaved
  is_flexible is_personal keep_original_details need_email need_name need_phone_number need_shipping_address photo_height photo_size
  photo_width provider_data revoke_messages send_email_to_provider send_phone_number_to_provider supports_streaming thumbnail
  video_start_timestamp`.split(/\s+/);

const isText = (type: string): boolean => ['Integer', 'Float', 'String', 'Boolean', 'InputFile'].includes(type);

let stage: Stage;
let scenery: Scenery;
beforeAll(async () => {
  stage = await openStage();
  scenery = await openScenery(stage);
});
afterAll(() => stage.close());

it.each(KNOWN)('%s reads exactly the specified parameters', (method) => {
  const specified = parametersOf(method).map(({ name }) => name);
  expect(methods).toHaveProperty(method);
  expect(Object.keys(PARAMETERS[method]).toSorted()).toEqual(specified.toSorted());
});

it('exactly the listed parameters are ignored', () => {
  const tables: readonly Readers[] = Object.values(PARAMETERS);
  const names = tables.flatMap((readers) => Object.keys(readers).filter((name) => readers[name] === unseen));
  expect([...new Set(names)].toSorted()).toEqual(WITHOUT_EFFECT);
});

it.each(Object.keys(methods).filter((name) => !Object.hasOwn(PARAMETERS, name)))(
  '%s is answered as an unknown method',
  async (method) => {
    const description = `Not Found: method not found; the simulator does not have "${method}"`;
    expect(await stage.call(method)).toEqual({ ok: false, error_code: 404, description });
  },
);

it.each(KNOWN)(
  '%s rejects missing required parameters and malformed ones, and ignores unknown ones',
  async (method) => {
    const example = (await EXAMPLES[method](scenery)) as Readonly<Record<string, unknown>>;
    const refusal = expect.objectContaining({
      ok: false,
      error_code: 400,
      description: expect.stringMatching(/^Bad Request: \S/),
    });
    for (const { name, isRequired, types } of parametersOf(method)) {
      const { [name]: given, ...without } = example;
      const isObject = !types.some(isText);
      const attempts = [
        ...(isRequired && !OPTIONAL_IN_PRACTICE.has(`${method}.${name}`) ? [without] : []),
        ...(isObject && !LENIENT.has(name) ? [{ ...example, [name]: '{' }] : []),
        ...(isRequired && types.includes('Integer') ? [{ ...example, [name]: 'many' }] : []),
      ];
      for (const attempt of attempts)
        expect([name, given, await stage.call(method, attempt)]).toEqual([name, given, refusal]);
    }
    expect(await stage.call(method, { ...example, no_such_parameter: 1 })).toMatchObject({ ok: true });
  },
);
