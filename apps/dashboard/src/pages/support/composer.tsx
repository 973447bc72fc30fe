import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Schema } from '#libs/client';
import { newKey } from '../../api/client';
import { IconButton } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { COMMON_TEXTS } from '../../texts/common';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useFormat, useTexts } from '../../texts';
import { Canned } from './canned';
import { answerThread, answerWithFile, supportChanged } from './queries';

interface ComposerProps {
  readonly thread: Schema<'SupportConversation'>;
  readonly name: string;
}

const LONGEST = 4_000;
const LONGEST_CAPTION = 800;
const MEBI = 1_048_576;
const LARGEST = 50;

/** Sends an answer: a text, a file, or both. A retry after an error sends it only once. */
export function Composer({ thread, name }: ComposerProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const { tooLarge } = useTexts(COMMON_TEXTS);
  const [text, setText] = useState('');
  const [file, setFile] = useState<File>();
  const [key, setKey] = useState(newKey);
  const sending = useMutation({
    mutationFn: async () => {
      if (file === undefined) await answerThread(thread.id, text.trim(), key);
      else await answerWithFile(thread.id, file, text.trim(), key);
    },
    onSuccess: async () => {
      setText('');
      setFile(undefined);
      setKey(newKey());
      await supportChanged();
    },
  });
  if (thread.state === 'closed') return <p className="comp dim sm">{texts.closedText}</p>;
  const isTooLarge = (file?.size ?? 0) > LARGEST * MEBI;
  const canSend = (text.trim() !== '' || file !== undefined) && !isTooLarge && !sending.isPending;
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && canSend) sending.mutate();
  };
  const take = (next: File | undefined) => {
    setFile(next);
    // A different answer from the one that may already have been sent.
    setKey(newKey());
  };
  return (
    <div className="comp">
      <Canned typed={text} onChoose={setText} />
      {sending.isError && <ProblemNote error={sending.error} />}
      {file !== undefined && <Chosen file={file} onRemove={() => take(undefined)} />}
      {isTooLarge && (
        <p className="sm bad" role="alert">
          {tooLarge(LARGEST)}
        </p>
      )}
      <div className="field items-end py-1 pr-1 pl-1">
        <Attach onChoose={take} />
        <textarea
          rows={2}
          maxLength={file === undefined ? LONGEST : LONGEST_CAPTION}
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

function Chosen({ file, onRemove }: { readonly file: File; readonly onRemove: () => void }) {
  const texts = useTexts(SUPPORT_TEXTS);
  const { bytes } = useFormat();
  return (
    <p className="row sm mb-2">
      <Icon name={file.type.startsWith('image/') ? 'image' : 'file'} />
      <span className="cut">{file.name}</span>
      <span className="dim nw">{bytes(file.size)}</span>
      <IconButton kind="quiet" icon="x" label={texts.dropFile} onClick={onRemove} />
    </p>
  );
}

function Attach({ onChoose }: { readonly onChoose: (file: File | undefined) => void }) {
  const texts = useTexts(SUPPORT_TEXTS);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          onChoose(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <IconButton kind="quiet" icon="clip" label={texts.attach} onClick={() => input.current?.click()} />
    </>
  );
}
