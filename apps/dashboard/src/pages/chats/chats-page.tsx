import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { Badge } from '../../parts/badge';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Empty } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { CHATS_TEXTS } from '../../texts/chats';
import { useFormat, useTexts } from '../../texts';
import { chatsQuery } from './queries';

type Chat = Schema<'Chat'>;

export function ChatState({ chat }: { readonly chat: Chat }) {
  const texts = useTexts(CHATS_TEXTS);
  const isReady = chat.remedy === null;
  return <Badge tone={isReady ? 'good' : 'bad'}>{isReady ? texts.ready : texts.notReady}</Badge>;
}

function useColumns(): readonly Column<Chat>[] {
  const texts = useTexts(CHATS_TEXTS);
  const { number } = useFormat();
  const { data: bots = [] } = useQuery(botsQuery);
  return [
    { id: 'state', head: texts.state, width: 'w-40', cell: (chat) => <ChatState chat={chat} /> },
    { id: 'title', head: texts.chat, cell: ({ title }) => <span className="m">{title}</span> },
    {
      id: 'type',
      head: texts.type,
      width: 'w-36',
      cell: ({ type }) => <span className="mut">{texts.types[type]}</span>,
    },
    {
      id: 'bot',
      head: texts.bot,
      width: 'w-48',
      optional: true,
      cell: ({ bot_id: id }) => <span className="mut">{bots.find((bot) => bot.id === id)?.name}</span>,
    },
    {
      id: 'members',
      head: texts.members,
      width: 'w-28',
      align: 'right',
      cell: ({ member_count: count }) => (count === null ? '–' : number(count)),
    },
  ];
}

/** The groups and channels to which access can be sold. */
export function ChatsPage() {
  const texts = useTexts(CHATS_TEXTS);
  const columns = useColumns();
  const query = useInfiniteQuery(chatsQuery);
  return (
    <Page title={texts.title}>
      <Listed query={query} empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}>
        {(rows) => (
          <Table
            label={texts.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            link="title"
            linkTo={({ id }) => ({ to: '/chats/$id', params: { id } })}
            card={(chat) => (
              <>
                <span />
                <b className="cut">{chat.title}</b>
                <ChatState chat={chat} />
                <span className="l2">{texts.types[chat.type]}</span>
              </>
            )}
          />
        )}
      </Listed>
    </Page>
  );
}
