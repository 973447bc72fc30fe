import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { CopyLine } from '../../parts/copy-line';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { StarSign, Stars } from '../../parts/stars';
import { COMMON_TEXTS } from '../../texts/common';
import { CHATS_TEXTS } from '../../texts/chats';
import { useTexts } from '../../texts';
import { chatsChanged, createPaidLink, paidLinksQuery, revokePaidLink } from './queries';

type Chat = Schema<'Chat'>;
const NAME = 32;

/** Links with which Telegram itself sells a channel. Its Stars go to the channel and not to the bot. */
export function PaidLinks({ chat }: { readonly chat: Chat }) {
  const texts = useTexts(CHATS_TEXTS);
  const can = useCan();
  const [adding, setAdding] = useState(false);
  const { data: links = [] } = useQuery(paidLinksQuery(chat.id));
  return (
    <Part
      title={texts.paidLinks}
      text={texts.paidLinksText}
      beside={
        can('bots:write') && (
          <Button size="small" onClick={() => setAdding(true)}>
            {texts.newLink}
          </Button>
        )
      }
    >
      <ul className="list">
        {links.map((link) => (
          <PaidLine key={link.id} chat={chat} link={link} canRevoke={can('bots:write')} />
        ))}
      </ul>
      {adding && <NewLink chat={chat} onClose={() => setAdding(false)} />}
    </Part>
  );
}

interface PaidLineProps {
  readonly chat: Chat;
  readonly link: Schema<'PaidLink'>;
  readonly canRevoke: boolean;
}

function PaidLine({ chat, link, canRevoke }: PaidLineProps) {
  const texts = useTexts(CHATS_TEXTS);
  const [asking, setAsking] = useState(false);
  const revoking = useMutation({
    mutationFn: () => revokePaidLink(chat.id, link.id),
    onSuccess: async () => {
      setAsking(false);
      await chatsChanged();
    },
  });
  return (
    <li className="li flex-wrap">
      <span className="grow min-w-0">
        <span className="m block">{link.name ?? texts.unnamed}</span>
        <span className="sm dim">
          <Stars amount={link.stars} /> {texts.eachMonth}
        </span>
      </span>
      {link.revoked_at !== null ? (
        <Badge tone="plain">{texts.closed}</Badge>
      ) : (
        <>
          <CopyLine text={link.link} />
          {canRevoke && (
            <Button size="small" kind="danger-words" onClick={() => setAsking(true)}>
              {texts.closeLink}
            </Button>
          )}
        </>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.closeLinkTitle}
        sentence={texts.closeLinkText}
        keep={texts.keepLink}
        act={texts.closeLink}
        doing={revoking}
      />
    </li>
  );
}

interface Values {
  name: string;
  stars?: number | undefined;
}

function NewLink({ chat, onClose }: { readonly chat: Chat; readonly onClose: () => void }) {
  const texts = useTexts(CHATS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { name: '' },
    save: ({ name, stars = 0 }) =>
      createPaidLink(chat.id, { stars, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    onSaved: async () => {
      onClose();
      await chatsChanged();
    },
  });
  const isPrice = (value: unknown) => (Number.isInteger(value) && Number(value) > 0) || texts.priceRule;
  return (
    <Dialog open onClose={onClose} title={texts.newLink} sentence={texts.paidLinksText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="stars"
          label={texts.price}
          whole
          rules={{ validate: isPrice }}
          before={
            <span className="st">
              <StarSign />
            </span>
          }
        />
        <TextField<Values> name="name" label={texts.linkName} hint={texts.linkNameHint} most={NAME} maxLength={NAME} />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.newLink}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
