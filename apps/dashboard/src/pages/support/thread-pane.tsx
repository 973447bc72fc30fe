import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCan } from '../../api/rights';
import { Avatar } from '../../parts/avatar';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useTexts } from '../../texts';
import { Composer } from './composer';
import { Conversation } from './conversation';
import { OrderPane } from './order-pane';
import { closeThread, conversationQuery, supportChanged, type Thread } from './queries';
import { nameIn } from './groups';

interface ThreadPaneProps {
  readonly id: string;
  /** The thread from the inbox, if it is there. */
  readonly listed: Thread | undefined;
}

export function ThreadPane({ id, listed }: ThreadPaneProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const can = useCan();
  const { data: thread, error, refetch } = useQuery(conversationQuery(id));
  const name = listed === undefined ? String(thread?.buyer_telegram_id ?? '') : nameIn(listed);
  const orderId = thread?.order_id ?? null;
  const closing = useMutation({ mutationFn: () => closeThread(id), onSuccess: supportChanged });
  return (
    <>
      <section aria-label={texts.threadWith(name)}>
        <header className="dh">
          <Link to="/support" className="btn ic gh only-s -ml-2" aria-label={texts.backToInbox}>
            <Icon name="left" />
          </Link>
          <Avatar name={name} of="person" />
          <div className="grow">
            {thread === undefined ? (
              <p className="b cut">{name}</p>
            ) : (
              <Link to="/buyers/$id" params={{ id: String(thread.buyer_telegram_id) }} className="b cut">
                {name}
              </Link>
            )}
          </div>
          {orderId !== null && (
            <Link to="/orders/$id" params={{ id: orderId }} className="btn sm only-m">
              {texts.order}
            </Link>
          )}
          {thread !== undefined && thread.state !== 'closed' && can('support:write') && (
            <Button size="small" busy={closing.isPending} onClick={() => closing.mutate()}>
              {texts.close}
            </Button>
          )}
        </header>
        {closing.isError && <ProblemNote error={closing.error} />}
        {error !== null && thread === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
        {error === null && thread === undefined && (
          <div className="px-5">
            <Skeleton />
          </div>
        )}
        {thread !== undefined && (
          <>
            <Conversation thread={thread} name={name} />
            {can('support:write') && <Composer thread={thread} name={name} />}
          </>
        )}
      </section>
      {orderId !== null && <OrderPane id={orderId} />}
    </>
  );
}
