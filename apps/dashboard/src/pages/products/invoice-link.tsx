import { useMutation } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { CopyLine } from '../../parts/copy-line';
import { ProblemNote } from '../../parts/problem';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useLanguage, useTexts } from '../../texts';
import { createInvoiceLink } from './queries';

interface InvoiceLinkProps {
  readonly product: Schema<'Product'>;
  /** A name for the place where the link is published; '' for none. */
  readonly source: string;
}

/** A link to an invoice that anyone can pay, without a chat with the bot. It keeps its price. */
export function InvoiceLink({ product, source }: InvoiceLinkProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { language } = useLanguage();
  const making = useMutation({
    mutationFn: () => createInvoiceLink(product.id, { language, ...(source === '' ? {} : { source }) }),
  });
  if (making.data !== undefined)
    return (
      <div className="grid gap-1">
        <CopyLine text={making.data.url} />
        <p className="hint">{texts.invoiceLinkText}</p>
      </div>
    );
  return (
    <>
      {making.isError && <ProblemNote error={making.error} />}
      <Button icon="link" busy={making.isPending} onClick={() => making.mutate()}>
        {texts.invoiceLink}
      </Button>
    </>
  );
}
