import { toast } from './toast';
import { IconButton } from './button';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

/** A text to copy whole, such as a link. */
export function CopyLine({ text }: { readonly text: string }) {
  const texts = useTexts(COMMON_TEXTS);
  const copy = () => void navigator.clipboard.writeText(text).then(() => toast(texts.copiedIt));
  return (
    <span className="field min-h-8 pr-1">
      <span className="cut grow sm" title={text}>
        {text.replace('https://', '')}
      </span>
      <IconButton kind="quiet" icon="copy" label={texts.copy} className="h-6" onClick={copy} />
    </span>
  );
}
