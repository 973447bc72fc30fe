import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { ProblemPage } from '../../parts/problem';
import { SecretDialog } from '../../parts/secret';
import { Empty, Skeleton } from '../../parts/states';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useFormat, useTexts } from '../../texts';
import { NewKey } from './new-key';
import { developersChanged, keysQuery, revokeKey } from './queries';

type ApiKey = Schema<'ApiKey'>;

export function Keys() {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const can = useCan();
  const { data: keys, error, refetch } = useQuery(keysQuery);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const make = can('keys:write') && (
    <Button kind="primary" onClick={() => setMaking(true)}>
      {texts.newKey}
    </Button>
  );
  const open = keys?.filter(({ state }) => state === 'active') ?? [];
  const over = keys?.filter(({ state }) => state !== 'active') ?? [];
  return (
    <section className="max-w-[880px] pt-4">
      <div className="sh">
        <p className="mut grow">{texts.keysText}</p>
        {make}
      </div>
      {error !== null && keys === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && keys === undefined && <Skeleton />}
      {keys?.length === 0 && <Empty title={texts.noKeysTitle} text={texts.noKeysText} />}
      <ul className="list">
        {[...open, ...over].map((key) => (
          <KeyLine key={key.id} apiKey={key} canRevoke={can('keys:write')} />
        ))}
      </ul>
      {making && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={async (key) => {
            setMaking(false);
            setSecret(key);
            await developersChanged();
          }}
        />
      )}
      <SecretDialog
        title={texts.keyMade}
        sentence={texts.keyMadeText}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </section>
  );
}

function KeyLine({ apiKey, canRevoke }: { readonly apiKey: ApiKey; readonly canRevoke: boolean }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const { full, day } = useFormat();
  const [asking, setAsking] = useState(false);
  const revoking = useMutation({
    mutationFn: () => revokeKey(apiKey.id),
    onSuccess: async () => {
      setAsking(false);
      await developersChanged();
    },
  });
  const used = apiKey.last_used_at === null ? texts.neverUsed : texts.lastUsed(full(apiKey.last_used_at));
  return (
    <li className="li items-start py-3">
      <div className="grow min-w-0">
        <p className="row flex-wrap">
          <b className="m">{apiKey.name}</b> <code>{apiKey.hint}</code>
          {apiKey.state !== 'active' && <Badge tone="plain">{texts.keyStates[apiKey.state]}</Badge>}
        </p>
        <p className="sm mut">{apiKey.scopes.map((scope) => texts.scopes[scope]).join(', ')}</p>
        <p className="sm dim">
          {used}
          {apiKey.expires_at !== null && `, ${texts.ends(day(apiKey.expires_at))}`}
        </p>
      </div>
      {canRevoke && apiKey.state === 'active' && (
        <Button size="small" kind="danger-words" onClick={() => setAsking(true)}>
          {texts.revoke}
        </Button>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.revokeTitle(apiKey.name)}
        sentence={texts.revokeText(used)}
        keep={texts.keepKey}
        act={texts.revoke}
        doing={revoking}
      />
    </li>
  );
}
