import { useQuery } from '@tanstack/react-query';
import { Fragment, useEffect, useRef, useState } from 'react';
import type { Schema } from '#libs/client';
import { saveAs, useBlobUrl } from '../../api/files';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { Time } from '../../parts/time';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useFormat, useTexts } from '../../texts';
import { sentFileQuery } from './queries';

type Message = Schema<'SupportMessage'>;

interface ConversationProps {
  readonly thread: Schema<'SupportConversation'>;
  readonly name: string;
}

/** The conversation, as Telegram shows it, scrolled to the latest message. */
export function Conversation({ thread, name }: ConversationProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const { weekday } = useFormat();
  const end = useRef<HTMLDivElement>(null);
  const { messages } = thread;
  const latest = messages.at(-1)?.id;
  useEffect(() => {
    // Braces, because the return value would be taken for a clean-up function.
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [latest]);
  const dayOf = (at: string) => new Date(at).toDateString();
  return (
    <div className="tg" role="log" aria-label={texts.threadWith(name)} tabIndex={0}>
      {thread.has_earlier_messages && <div className="note">{texts.earlier}</div>}
      {messages.map((message, n) => (
        <Fragment key={message.id}>
          {dayOf(message.created_at) !== dayOf(messages[n - 1]?.created_at ?? '') && (
            <div className="note">{weekday(message.created_at)}</div>
          )}
          <Bubble message={message} />
        </Fragment>
      ))}
      <div ref={end} className="scroll-mb-40" />
    </div>
  );
}

function Bubble({ message }: { readonly message: Message }) {
  const texts = useTexts(SUPPORT_TEXTS);
  const { direction, file, text, delivery_state: delivery } = message;
  const isMine = direction === 'creator';
  const isLost = delivery === 'failed' || delivery === 'unreachable';
  return (
    <>
      <div className={isMine ? 'bub me' : 'bub'}>
        {file !== null && <SentFile message={message} file={file} />}
        <span className="whitespace-pre-wrap">{text}</span>
        <time dateTime={message.created_at}>
          <Time at={message.created_at} style="clock" />
          {delivery === 'waiting' && `, ${texts.onItsWay}`}
        </time>
      </div>
      {isLost && (
        <div className="note bad-n">
          <Icon name="alert" small />
          {texts.lost[delivery]}
        </div>
      )}
    </>
  );
}

interface SentFileProps {
  readonly message: Message;
  readonly file: NonNullable<Message['file']>;
}

/**
 * A picture is shown only on request, because strangers send it and it has to be fetched from Telegram. Other files are
 * saved.
 */
function SentFile({ message, file }: SentFileProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const [wanted, setWanted] = useState(file.kind === 'photo');
  const { data, isFetching, isError } = useQuery({
    ...sentFileQuery(message.thread_id, message.id),
    enabled: wanted,
  });
  const url = useBlobUrl(file.kind === 'photo' ? data : undefined);
  const isPicture = file.kind === 'photo' && url !== undefined;
  if (isPicture) return <img className="shot" src={url} alt={texts.pictureOf(message.text)} />;
  const name = file.name ?? texts.files[file.kind];
  return (
    <span className="row mb-1">
      <Icon name={file.kind === 'photo' ? 'image' : 'file'} />
      <span className="grow cut">{name}</span>
      <Button
        size="small"
        busy={isFetching}
        onClick={() => (data === undefined ? setWanted(true) : saveAs(data, name))}
      >
        {isError ? texts.notThere : data === undefined ? texts.fetch : texts.save}
      </Button>
    </span>
  );
}
