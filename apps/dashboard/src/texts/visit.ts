import { both } from './both';

export const VISIT_TEXTS = both(
  {
    workspaceOf: (name: string) => `The workspace ${name}.`,
    looking: (who: string, clock: string) => `${who} has read-only access until ${clock}.`,
    end: 'End the visit',
    over: 'The visit is over',
    overText: 'Look inside again from the console. It asks for a reason, which the workspace can see.',
    toConsole: 'Open the console',
  },
  {
    workspaceOf: (name: string) => `Пространство «${name}».`,
    looking: (who: string, clock: string) => `${who} смотрит до ${clock} и ничего не меняет.`,
    end: 'Закончить визит',
    over: 'Визит закончился',
    overText: 'Загляните снова из консоли. Она спросит причину, и её прочитают в пространстве.',
    toConsole: 'Открыть консоль',
  },
);
