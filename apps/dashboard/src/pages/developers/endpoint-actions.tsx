import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { ProblemNote } from '../../parts/problem';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useTexts } from '../../texts';
import { EndpointForm } from './endpoint-form';
import {
  changeEndpoint,
  deleteEndpoint,
  deletingKey,
  developersChanged,
  resendFailed,
  resendMissing,
  rotateEndpoint,
  testEndpoint,
} from './queries';

/** Milliseconds. Older deliveries can be resent only through the API. */
const LOOK_BACK = 7 * 86_400_000;

interface EndpointActionsProps {
  readonly endpoint: Schema<'Endpoint'>;
  readonly onSecret: (secret: string) => void;
}

type Asked = 'rotate' | 'remove' | 'change';

export function EndpointActions({ endpoint, onSecret }: EndpointActionsProps) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const testing = useMutation({
    mutationFn: () => testEndpoint(endpoint.id),
    onSuccess: async () => {
      toast(texts.sampleSent);
      await developersChanged();
    },
  });
  const resending = useMutation({
    mutationFn: async () => {
      const since = new Date(Date.now() - LOOK_BACK).toISOString();
      const failed = await resendFailed(endpoint.id, since);
      const missing = await resendMissing(endpoint.id, since);
      return failed.count + missing.count;
    },
    onSuccess: async (count) => {
      toast(texts.resent(count));
      await developersChanged();
    },
  });
  const switching = useMutation({
    mutationFn: () => changeEndpoint(endpoint.id, { state: endpoint.state === 'enabled' ? 'paused' : 'enabled' }),
    onSuccess: developersChanged,
  });
  const rotating = useMutation({
    mutationFn: () => rotateEndpoint(endpoint.id),
    onSuccess: async ({ secret }) => {
      close();
      onSecret(secret);
      await developersChanged();
    },
  });
  const removing = useMutation({
    mutationKey: deletingKey(endpoint.id),
    mutationFn: () => deleteEndpoint(endpoint.id),
    onSuccess: close,
  });
  const failed = [testing, resending, switching].find(({ isError }) => isError);
  return (
    <>
      <div className="row mt-3 flex-wrap">
        <Button size="small" busy={testing.isPending} onClick={() => testing.mutate()}>
          {texts.sendSample}
        </Button>
        <Button size="small" icon="redo" busy={resending.isPending} onClick={() => resending.mutate()}>
          {texts.resendFailed}
        </Button>
        <Button size="small" onClick={() => setAsked('change')}>
          {texts.changeEndpoint}
        </Button>
        <Button size="small" busy={switching.isPending} onClick={() => switching.mutate()}>
          {endpoint.state === 'enabled' ? texts.pause : texts.enable}
        </Button>
        <Button size="small" onClick={() => setAsked('rotate')}>
          {texts.rotate}
        </Button>
        <Button size="small" kind="danger-words" onClick={() => setAsked('remove')}>
          {texts.remove}
        </Button>
      </div>
      {failed !== undefined && <ProblemNote error={failed.error} />}
      {asked === 'change' && (
        <EndpointForm
          endpoint={endpoint}
          onClose={close}
          onSaved={async () => {
            close();
            toast(common.saved);
            await developersChanged();
          }}
        />
      )}
      <Confirm
        open={asked === 'rotate'}
        onClose={close}
        title={texts.rotateTitle}
        sentence={texts.rotateText}
        keep={texts.keepSecret}
        act={texts.rotate}
        doing={rotating}
      />
      <Confirm
        open={asked === 'remove'}
        onClose={close}
        title={texts.removeTitle}
        sentence={texts.removeText}
        keep={texts.keepEndpoint}
        act={texts.remove}
        doing={removing}
      />
    </>
  );
}
