import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Avatar } from '../../parts/avatar';
import { LiveMark } from '../../parts/live-mark';
import { More } from '../../parts/more';
import { ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useTexts } from '../../texts';
import { inGroups, nameIn } from './groups';
import { type Thread, type ThreadState, threadsQuery } from './queries';
import { ThreadPane } from './thread-pane';
import '../../styles/support.css';

const STATES = ['open', 'answered', 'closed'] as const;

/** The inbox, a thread, and its order. On a phone a thread is a separate page. */
export function SupportPage() {
  const texts = useTexts(SUPPORT_TEXTS);
  const { id } = useParams({ strict: false });
  const [state, setState] = useState<ThreadState>();
  const query = useInfiniteQuery(threadsQuery(state));
  const threads = query.data?.pages.flatMap(({ data }) => data);
  const shown = threads?.find((thread) => thread.id === id);
  useEffect(() => {
    document.title = `${texts.title} · Starwall`;
  }, [texts]);
  return (
    <main id="main" tabIndex={-1}>
      <h1 className="vh">{texts.title}</h1>
      <div className={id === undefined ? 'desk' : 'desk has-thread'}>
        <section aria-label={texts.inbox}>
          <header className="dh">
            <h2 className="title grow">{texts.title}</h2>
            <LiveMark small />
            <label className="btn sm">
              <span className="vh">{texts.show}</span>
              <select
                className="bare"
                value={state ?? ''}
                onChange={({ target }) => setState(STATES.find((one) => one === target.value))}
              >
                <option value="">{texts.all}</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {texts.states[one]}
                  </option>
                ))}
              </select>
            </label>
          </header>
          {query.isError && threads === undefined && (
            <ProblemPage error={query.error} retry={() => void query.refetch()} />
          )}
          {query.isPending && (
            <div className="px-5">
              <Skeleton />
            </div>
          )}
          {threads?.length === 0 && <Empty title={texts.emptyTitle} text={texts.emptyText} />}
          {inGroups(threads ?? [], Date.now()).map(([group, members]) => (
            <div key={group}>
              <h3 className="lcap">{texts.groups[group]}</h3>
              <ul>
                {members.map((thread) => (
                  <li key={thread.id}>
                    <ThreadLine thread={thread} isShown={thread.id === id} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <More query={query} />
        </section>
        {id === undefined ? (
          <section className="hide-s grid place-items-center" aria-label={texts.thread}>
            <p className="dim m-auto">{threads?.length === 0 ? '' : texts.choose}</p>
          </section>
        ) : (
          <ThreadPane key={id} id={id} listed={shown} />
        )}
      </div>
    </main>
  );
}

function ThreadLine({ thread, isShown }: { readonly thread: Thread; readonly isShown: boolean }) {
  const texts = useTexts(SUPPORT_TEXTS);
  const waits = thread.state === 'open';
  const last = thread.last_message;
  const words = last === undefined ? '' : last.text || (last.file === null ? '' : texts.files[last.file.kind]);
  return (
    <Link
      to="/support/$id"
      params={{ id: thread.id }}
      className={waits ? 'th un' : 'th'}
      aria-current={isShown ? 'true' : undefined}
    >
      <Avatar name={nameIn(thread)} of="person" />
      <div className="min-w-0">
        <div className="row">
          <span className={waits ? 'b cut' : 'm cut'}>{nameIn(thread)}</span>
          <span className="xs dim nw">
            <Time at={thread.last_message_at ?? thread.created_at} />
          </span>
        </div>
        <p className="q cut">{last?.direction === 'creator' ? texts.you(words) : words}</p>
        <p className="p cut">{thread.order_id === null ? texts.somethingElse : texts.aboutOrder}</p>
      </div>
    </Link>
  );
}
