import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { useTexts } from '../../texts';
import { IMPORTS_TEXTS } from '../../texts/bot-imports';
import { importBots } from './import-queries';

/** Bytes that the API accepts. */
const MOST = 1_048_576;

interface ImportFormProps {
  readonly onStarted: (one: Schema<'BotImport'>) => unknown;
}

/** Chooses a file with tokens and sends it. */
export function ImportForm({ onStarted }: ImportFormProps) {
  const texts = useTexts(IMPORTS_TEXTS);
  const [file, setFile] = useState<File>();
  const [isTest, setTest] = useState(false);
  const [takeOver, setTakeOver] = useState(false);
  const sending = useMutation({ mutationFn: importBots, onSuccess: onStarted });
  const isTooLarge = file !== undefined && file.size > MOST;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (file !== undefined && !isTooLarge) sending.mutate({ file, isTest, takeOver });
  };
  return (
    <form className="grid max-w-160 gap-4" onSubmit={send} aria-label={texts.title}>
      <label className="pick">
        <Icon name="up" />
        <span className="m cut max-w-full">{file === undefined ? texts.pick : texts.picked(file.name)}</span>
        <input
          type="file"
          className="vh"
          aria-label={texts.file}
          accept=".txt,.csv,.jsonl,text/plain,text/csv"
          onChange={({ target }) => {
            sending.reset();
            setFile(target.files?.[0]);
          }}
        />
      </label>
      {isTooLarge && (
        <p className="sm bad" role="alert">
          {texts.tooLarge}
        </p>
      )}
      <label className="chk">
        <input type="checkbox" className="tick" checked={isTest} onChange={() => setTest(!isTest)} />
        <span className="m">{texts.test}</span>
      </label>
      <label className="chk">
        <input type="checkbox" className="tick" checked={takeOver} onChange={() => setTakeOver(!takeOver)} />
        <span>
          <span className="m">{texts.takeOver}</span>
          <br />
          <span className="sm dim">{texts.takeOverText}</span>
        </span>
      </label>
      {sending.isError && <ProblemNote error={sending.error} />}
      <Button
        type="submit"
        kind="primary"
        className="justify-self-start"
        busy={sending.isPending}
        disabled={file === undefined || isTooLarge}
      >
        {texts.start}
      </Button>
    </form>
  );
}
