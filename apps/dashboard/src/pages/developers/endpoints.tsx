import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Pick } from '../../parts/pick';
import { ProblemPage } from '../../parts/problem';
import { SecretDialog } from '../../parts/secret';
import { Empty, Skeleton } from '../../parts/states';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useTexts } from '../../texts';
import { EndpointForm } from './endpoint-form';
import { EndpointView } from './endpoint-view';
import { developersChanged, endpointsQuery } from './queries';

export function Endpoints() {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const can = useCan();
  const { data: endpoints, error, refetch } = useQuery(endpointsQuery);
  const [chosen, setChosen] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const shown = endpoints?.find(({ id }) => id === chosen) ?? endpoints?.[0];
  const add = can('endpoints:write') && (
    <Button kind={endpoints?.length === 0 ? 'primary' : 'plain'} onClick={() => setAdding(true)}>
      {texts.addEndpoint}
    </Button>
  );
  return (
    <>
      {error !== null && endpoints === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && endpoints === undefined && <Skeleton />}
      {endpoints?.length === 0 && (
        <Empty title={texts.noEndpointsTitle} text={texts.noEndpointsText}>
          {add}
        </Empty>
      )}
      {endpoints !== undefined && shown !== undefined && (
        <div className="filters">
          {endpoints.length > 1 && (
            <Pick
              label={texts.endpoint}
              value={shown.id}
              choices={endpoints.map(({ id, url }) => ({ value: id, label: url }))}
              onPick={setChosen}
              className="min-w-0 max-w-full"
            />
          )}
          {add}
        </div>
      )}
      {shown !== undefined && <EndpointView key={shown.id} endpoint={shown} onSecret={setSecret} />}
      {adding && (
        <EndpointForm
          onClose={() => setAdding(false)}
          onSaved={async (made) => {
            setAdding(false);
            setChosen(made.id);
            if ('secret' in made) setSecret(made.secret);
            await developersChanged();
          }}
        />
      )}
      <SecretDialog
        title={texts.endpointSecret}
        sentence={texts.endpointSecretText}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
