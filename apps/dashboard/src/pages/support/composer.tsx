import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import type { Schema } from '#libs/client';
import { newKey } from '../../api/client';
import { IconButton } from '../../parts/button';
import { ProblemNote } from '../../parts/problem';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useTexts } from '../../texts';
import { Canned } from './canned';
import { answerThread, supportChanged } from './queries';

interface ComposerProps {
  readonly thread: Schema<'SupportConversation'>;
  readonly name: string;
}

const LONGEST = 4_000;

/** Sends an answer. A retry after an error sends it only once. */
export function Composer({ thread, name }: ComposerProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const [text, setText] = useState('');
  const [key, setKey] = useState(newKey);
  const sending = useMutation({
    mutationFn: () => answerThread(thread.id, text.trim(), key),
    onSuccess: async () => {
      setText('');
      setKey(newKey());
      await supportChanged();
    },
  });
  if (thread.state === 'closed') return <p className="comp dim sm">{texts.closedText}</p>;
  const canSend = text.trim() !== '' && !sending.isPending;
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && canSend) sending.mutate();
  };
  return (
    <div className="comp">
      <Canned typed={text} onChoose={setText} />
      {sending.isError && <ProblemNote error={sending.error} />}
      <div className="field items-end py-1 pr-1 pl-3">
        <textarea
          rows={2}
          maxLength={LONGEST}
          aria-label={texts.answerTo(name)}
          placeholder={texts.answerHint}
          value={text}
          onKeyDown={press}
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton
          kind="primary"
          icon="send"
          label={texts.send}
          disabled={!canSend}
          onClick={() => sending.mutate()}
        />
      </div>
      <p className="xs dim hide-s">{texts.sendHint}</p>
    </div>
  );
}
