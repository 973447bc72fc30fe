import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { Schema } from '#libs/client';
import { saveAs, useBlobUrl } from '../../api/files';
import { Button, IconButton } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { toast } from '../../parts/toast';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { InvoiceLink } from './invoice-link';
import { PostDialog } from './post-dialog';
import { linksQuery, qrQuery } from './queries';

interface ShareProps {
  readonly product: Schema<'Product'>;
  readonly canPost: boolean;
}

/** The link to a product: with a source, as a QR code, and as a post in a channel. */
export function Share({ product, canPost }: ShareProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const id = useId();
  const [source, setSource] = useState('');
  const [scanning, setScanning] = useState(false);
  const [posting, setPosting] = useState(false);
  const asked = useDeferredValue(source.trim());
  const { data: links, isError } = useQuery(linksQuery(product.id, asked));
  if (links === undefined && !isError) return null;
  const url = links?.card_url ?? '';
  const copy = () => void navigator.clipboard.writeText(url).then(() => toast(texts.linkCopied));
  return (
    <div className="sec mt-5 grid gap-3 pt-4">
      <div className="sh mb-0">
        <h2>{texts.link_}</h2>
      </div>
      <div className="row">
        <span className="field min-h-8 grow pr-1">
          <span className="cut grow sm">{url.replace('https://', '')}</span>
          <IconButton kind="quiet" icon="copy" label={texts.copyLink} className="h-6" onClick={copy} />
        </span>
        <IconButton icon="qr" label={texts.showQr} onClick={() => setScanning(true)} />
      </div>
      <div className="f">
        <label htmlFor={id}>{texts.sourceTag}</label>
        <div className={isError ? 'field is-bad' : 'field'}>
          <input
            id={id}
            value={source}
            placeholder={texts.noSource}
            maxLength={32}
            aria-invalid={isError}
            onChange={(event) => setSource(event.target.value)}
          />
        </div>
        <p className="hint">{texts.sourceHint}</p>
      </div>
      {canPost && product.state === 'active' && product.kind !== 'subscription' && (
        <InvoiceLink key={asked} product={product} source={isError ? '' : asked} />
      )}
      {canPost && (
        <Button icon="send" onClick={() => setPosting(true)}>
          {texts.postIt}
        </Button>
      )}
      <QrDialog id={product.id} source={asked} open={scanning} onClose={() => setScanning(false)} />
      {posting && <PostDialog product={product} onClose={() => setPosting(false)} />}
    </div>
  );
}

interface QrDialogProps {
  readonly id: string;
  readonly source: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

function QrDialog({ id, source, open, onClose }: QrDialogProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data: code } = useQuery({ ...qrQuery(id, source), enabled: open });
  const url = useBlobUrl(code);
  return (
    <Dialog open={open} onClose={onClose} title={texts.qrTitle} sentence={texts.qrText}>
      {url !== undefined && (
        <img className="mx-auto rounded-lg bg-white p-2" src={url} alt={texts.showQr} width={240} height={240} />
      )}
      <div className="acts">
        <Button
          kind="primary"
          icon="down2"
          disabled={code === undefined}
          onClick={() => code !== undefined && saveAs(code, `${id}.png`)}
        >
          {texts.saveQr}
        </Button>
      </div>
    </Dialog>
  );
}
