import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Coin } from '../../parts/coin';
import { Confirm } from '../../parts/confirm';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { toast } from '../../parts/toast';
import { BOT_SETTINGS_TEXTS } from '../../texts/bot-settings';
import { COMMON_TEXTS } from '../../texts/common';
import { useTexts } from '../../texts';
import { botsChanged, obligationsQuery, removeBot, rotateToken } from './queries';

type Bot = Schema<'Bot'>;

/** A new token, and the removal of the bot. */
export function BotEnding({ bot }: { readonly bot: Bot }) {
  const texts = useTexts(BOT_SETTINGS_TEXTS);
  const [asked, setAsked] = useState<'token' | 'remove'>();
  const close = () => setAsked(undefined);
  const removing = useMutation({
    mutationFn: () => removeBot(bot.id),
    onSuccess: async () => {
      close();
      await botsChanged();
    },
  });
  return (
    <>
      {bot.state === 'removing' && <Part title={texts.removing} text={texts.removingText} />}
      <Obligations bot={bot} />
      <Part title={texts.tokenAndEnd}>
        <div className="row flex-wrap">
          <Button onClick={() => setAsked('token')}>{texts.rotate}</Button>
          {bot.state !== 'removing' && (
            <Button kind="danger-words" onClick={() => setAsked('remove')}>
              {texts.remove}
            </Button>
          )}
        </div>
      </Part>
      {asked === 'token' && <NewToken bot={bot} onClose={close} />}
      <Confirm
        open={asked === 'remove'}
        onClose={close}
        title={texts.removeTitle(bot.name)}
        sentence={texts.removeText}
        keep={texts.keep}
        act={texts.remove}
        doing={removing}
      />
    </>
  );
}

/** Lists the bot's open obligations to buyers and Telegram, which have to end before it is removed. */
function Obligations({ bot }: { readonly bot: Bot }) {
  const texts = useTexts(BOT_SETTINGS_TEXTS);
  const { data: owed = [] } = useQuery(obligationsQuery(bot.id));
  if (owed.length === 0) return null;
  const kinds = [...new Set(owed.map(({ kind }) => kind))];
  const failed = owed.filter(({ state }) => state === 'failed');
  return (
    <Part title={texts.obligations} text={texts.obligationsText}>
      <p>{kinds.map((kind) => texts.owed[kind](owed.filter((one) => one.kind === kind).length)).join(', ')}</p>
      <ul className="find-l">
        {failed.map((one) => (
          <li key={one.id}>
            <Coin name="failed" />
            <div>
              <h3>{texts.owed[one.kind](1)}</h3>
              <p>{one.reason}</p>
              <p>{texts.advice[one.kind]}</p>
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface Values {
  token: string;
}

function NewToken({ bot, onClose }: { readonly bot: Bot; readonly onClose: () => void }) {
  const texts = useTexts(BOT_SETTINGS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { token: '' },
    save: ({ token }) => rotateToken(bot.id, token.trim()),
    onSaved: async () => {
      onClose();
      toast(texts.rotated);
      await botsChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.rotate} sentence={texts.rotateText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="token"
          label={texts.token}
          autoComplete="off"
          spellCheck={false}
          rules={{ required: texts.fillIn }}
        />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.rotate}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
