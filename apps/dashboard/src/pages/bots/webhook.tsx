import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { ProblemNote } from '../../parts/problem';
import { Time } from '../../parts/time';
import { BOTS_TEXTS } from '../../texts/bots';
import { useFormat, useTexts } from '../../texts';
import { webhookQuery } from './queries';

/** Shows Telegram's facts about a bot's webhook, on request. */
export function Webhook({ id }: { readonly id: string }) {
  const texts = useTexts(BOTS_TEXTS);
  const { data, error, isFetching, refetch } = useQuery(webhookQuery(id));
  return (
    <div className="mt-4 grid gap-3 justify-items-start">
      <Button size="small" icon="redo" busy={isFetching} onClick={() => void refetch()}>
        {texts.askTelegram}
      </Button>
      {error !== null && <ProblemNote error={error} />}
      {error === null && data !== undefined && <Facts webhook={data} />}
    </div>
  );
}

function Facts({ webhook }: { readonly webhook: Schema<'BotWebhook'> }) {
  const texts = useTexts(BOTS_TEXTS);
  const { number } = useFormat();
  const { ours, host, pending_updates: pending, last_error: reason, last_error_at: at } = webhook;
  return (
    <dl className="kv w-full">
      <dt>{texts.updates}</dt>
      <dd>{ours ? texts.arriveHere : texts.goElsewhere(host ?? '–')}</dd>
      <dt>{texts.pending}</dt>
      <dd>{number(pending)}</dd>
      <dt>{texts.lastError}</dt>
      <dd>
        {reason ?? texts.none}
        {at !== null && (
          <>
            , <Time at={at} />
          </>
        )}
      </dd>
      {webhook.missing_updates.length > 0 && (
        <>
          <dt>{texts.missing}</dt>
          <dd>
            {webhook.missing_updates.join(', ')}. {texts.missingRemedy}
          </dd>
        </>
      )}
      <dt>{texts.inline}</dt>
      <dd>{webhook.inline_mode ? texts.inlineOn : texts.inlineOff}</dd>
    </dl>
  );
}
