import type { Destination, InlineAnswer } from '../world/inline-mode.js';
import type { MessageContent } from '../world/telegram-types.js';
import type { World } from '../world/world.js';
import { control } from './control-route.js';
import * as schemas from './control-schemas.js';
import type { PickInput } from './control-schemas.js';
import type { Server } from './fastify.js';

/** The list above the composer after `@bot query`. */
export type InlineAnswerView =
  | {
      readonly status: 'answered';
      readonly queryId: string;
      readonly results: readonly {
        readonly id: string;
        readonly title: string;
        readonly description: string;
        readonly content: MessageContent;
      }[];
      readonly nextOffset: string;
    }
  | { readonly status: 'timeout' | 'abandoned'; readonly queryId: string };

function answerView(answer: InlineAnswer): InlineAnswerView {
  if (answer.status !== 'answered') return answer;
  const results = answer.results.map(({ id, title, description, content }) => ({ id, title, description, content }));
  return { ...answer, results };
}

function destination(world: World, to: PickInput['to']): Destination {
  if ('botId' in to) return { bot: world.bot(to.botId) };
  if ('chatId' in to) return { chat: world.sharedChats.get(to.chatId) };
  return { friend: world.person(to.userId) };
}

/** Inline queries, picked results, and messages that Mini Apps send in a person's name. */
export function inlineRoutes(server: Server, world: World): void {
  control(server, 'POST', '/inline-queries', { body: schemas.inlineQuerySchema }, async ({ body }) => {
    const { botId, userId, query, offset, chatType } = body;
    return answerView(await world.inlineMode.ask(world.bot(botId), world.person(userId), query, offset, chatType));
  });
  control(server, 'POST', '/chats/:botId/:userId/web-apps', { params: schemas.chatParams }, ({ params }) => ({
    queryId: world.inlineMode.openWebApp(world.bot(params.botId), world.person(params.userId)),
  }));
  control(
    server,
    'POST',
    '/inline-queries/:queryId/pick',
    { params: schemas.pickParams, body: schemas.pickSchema },
    ({ params: { queryId }, body }) => world.inlineMode.pick(queryId, body.resultId, destination(world, body.to)),
  );
}
