import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge, type Tone } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { IdChip } from '../../parts/id-chip';
import { More } from '../../parts/more';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { CHATS_TEXTS } from '../../texts/chats';
import { useFormat, useTexts } from '../../texts';
import { ChatState } from './chats-page';
import { PaidLinks } from './paid-links';
import { changeChat, chatQuery, chatsChanged, checkChat, membersQuery } from './queries';
import { remediesOf } from './remedy';

type Chat = Schema<'Chat'>;
const ADMISSIONS = ['request', 'single_use'] as const satisfies readonly Chat['admission'][];

export function ChatPage() {
  const texts = useTexts(CHATS_TEXTS);
  const { id } = useParams({ from: '/shell/chats/$id' });
  const { data: chat, error, refetch } = useQuery(chatQuery(id));
  if (chat !== undefined) return <Details chat={chat} />;
  return (
    <Page title={texts.title} back={{ to: '/chats', label: texts.back }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Details({ chat }: { readonly chat: Chat }) {
  const texts = useTexts(CHATS_TEXTS);
  const { number } = useFormat();
  const can = useCan();
  const checking = useMutation({
    mutationFn: () => checkChat(chat.id),
    onSuccess: async ({ remedy }) => {
      toast(remedy === null ? texts.checkedWell : texts.checkedBad);
      await chatsChanged();
    },
  });
  return (
    <Page
      title={chat.title}
      width="read"
      back={{ to: '/chats', label: texts.back }}
      beside={<ChatState chat={chat} />}
      actions={
        can('bots:write') && (
          <Button icon="redo" busy={checking.isPending} onClick={() => checking.mutate()}>
            {texts.check}
          </Button>
        )
      }
    >
      {checking.isError && <ProblemNote error={checking.error} />}
      {chat.remedy !== null && (
        <div className="callout bad-c mt-4">
          <Icon name="alert" />
          <div className="grow">
            <p className="m">{texts.notSold}</p>
            <p className="sm">{remediesOf(chat, texts).join(' ')}</p>
          </div>
        </div>
      )}
      <dl className="kv mt-4">
        <dt>{texts.type}</dt>
        <dd>{texts.types[chat.type]}</dd>
        {chat.member_count !== null && (
          <>
            <dt>{texts.members}</dt>
            <dd>{number(chat.member_count)}</dd>
          </>
        )}
        <dt>{texts.checked}</dt>
        <dd>
          <Time at={chat.checked_at} />
        </dd>
        <dt>{texts.id}</dt>
        <dd>
          <IdChip id={chat.id} />
        </dd>
      </dl>
      <Admission chat={chat} />
      <Members chat={chat} />
      {chat.type === 'channel' && <PaidLinks chat={chat} />}
    </Page>
  );
}

/** Lets the creator choose the way in. A change applies to links that are created afterwards. */
function Admission({ chat }: { readonly chat: Chat }) {
  const texts = useTexts(CHATS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const can = useCan();
  const changing = useMutation({
    mutationFn: (admission: Chat['admission']) => changeChat(chat.id, { admission }),
    onSuccess: async () => {
      await chatsChanged();
      toast(common.saved);
    },
  });
  return (
    <Part title={texts.admission} text={texts.admissionLines[chat.admission]}>
      {can('bots:write') && (
        <Pick
          label={texts.admission}
          value={chat.admission}
          choices={ADMISSIONS.map((value) => ({ value, label: texts.admissions[value] }))}
          onPick={(admission) => changing.mutate(admission)}
          className="max-w-80"
        />
      )}
      {changing.isError && <ProblemNote error={changing.error} />}
    </Part>
  );
}

const TONES: Readonly<Record<Schema<'ChatAccess'>['state'], Tone>> = {
  invited: 'info',
  member: 'good',
  ending: 'warn',
  ended: 'plain',
};

function Members({ chat }: { readonly chat: Chat }) {
  const texts = useTexts(CHATS_TEXTS);
  const { day } = useFormat();
  const query = useInfiniteQuery(membersQuery(chat.id));
  const rows = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Part title={texts.access} text={texts.accessText}>
      {query.isError && rows === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={3} />}
      {rows?.length === 0 && <p className="dim">{texts.noAccess}</p>}
      <ul className="list">
        {rows?.map((one) => (
          <li key={one.id} className="li">
            <span className="grow min-w-0">
              <Link to="/buyers/$id" params={{ id: String(one.buyer_telegram_id) }} className="m link">
                {texts.buyer(one.buyer_telegram_id)}
              </Link>
              <span className="sm dim block">
                {one.access_until === null ? texts.noEnd : texts.until(day(one.access_until))}
              </span>
              {one.failure !== null && <span className="sm bad block">{one.failure}</span>}
            </span>
            <Badge tone={TONES[one.state]}>{texts.states[one.state]}</Badge>
          </li>
        ))}
      </ul>
      <More query={query} />
    </Part>
  );
}
