import { useState } from 'react';
import { COMMON_TEXTS } from '../texts/common';
import { useTexts } from '../texts';
import { Button } from './button';
import { Dialog } from './dialog';
import { Icon } from './icon';

interface SecretDialogProps {
  readonly title: string;
  /** Its purpose, and the remedy if it is lost. */
  readonly sentence: string;
  readonly secret: string | undefined;
  readonly onClose: () => void;
}

/** A secret that is shown once. It is removed from the page when the dialog closes. */
export function SecretDialog({ title, sentence, secret, onClose }: SecretDialogProps) {
  const texts = useTexts(COMMON_TEXTS);
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(secret ?? '').then(() => setCopied(true));
  return (
    <Dialog open={secret !== undefined} onClose={onClose} title={title} sentence={sentence}>
      <code className="secret">{secret}</code>
      <div className="callout warn-c mt-0">
        <Icon name="alert" />
        <p className="grow sm">{texts.shownOnce}</p>
      </div>
      <div className="acts">
        <Button icon={copied ? 'check' : 'copy'} kind="primary" onClick={copy}>
          {copied ? texts.copied : texts.copy}
        </Button>
        <Button onClick={onClose}>{texts.keptIt}</Button>
      </div>
    </Dialog>
  );
}
