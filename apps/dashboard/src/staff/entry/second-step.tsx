import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { useTexts } from '../../texts';
import { ENTRY_TEXTS } from '../../texts/entry';
import { staffSession } from '../api/session';
import { STAFF_ENTRY_TEXTS } from '../texts/entry';

const SIDE = 192;

/**
 * The QR code of an authenticator's secret. The library is loaded only when this step is reached; the picture is not
 * kept.
 */
const pictureQuery = (url: string) => ({
  queryKey: ['qr', url],
  queryFn: async () => (await import('qrcode')).toDataURL(url, { width: SIDE, margin: 2 }),
  gcTime: 0,
});

interface Values {
  code: string;
  recovery_code: string;
}

interface SecondStepProps {
  readonly challenge: Schema<'StaffChallenge'>;
  readonly onBack: () => void;
  readonly onConfirmed: (recoveryCodes: readonly string[] | null) => unknown;
}

/** A code of the authenticator, or a recovery code. A person without an authenticator enrols one. */
export function SecondStep({ challenge: { challenge, enrolment }, onBack, onConfirmed }: SecondStepProps) {
  const texts = useTexts(ENTRY_TEXTS);
  const own = useTexts(STAFF_ENTRY_TEXTS);
  const [way, setWay] = useState<keyof Values>('code');
  const saved = useSavedForm<Values, readonly string[] | null>({
    defaults: { code: '', recovery_code: '' },
    save: async (values) => {
      if (way === 'code') return staffSession.confirm({ challenge, code: values.code.trim() });
      await staffSession.recover({ challenge, recovery_code: values.recovery_code.trim() });
      return null;
    },
    onSaved: onConfirmed,
  });
  return (
    <>
      {enrolment !== null && <Enrolment {...enrolment} />}
      <Form {...saved} className="grid gap-4">
        {way === 'code' ? (
          <TextField<Values>
            name="code"
            label={texts.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus={enrolment === null}
          />
        ) : (
          <TextField<Values> name="recovery_code" label={texts.recoveryCode} autoComplete="off" autoFocus />
        )}
        <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
          {texts.signIn}
        </Button>
        {enrolment === null && (
          <Button kind="quiet" onClick={() => setWay(way === 'code' ? 'recovery_code' : 'code')}>
            {way === 'code' ? texts.useRecovery : texts.useCode}
          </Button>
        )}
        <Button kind="quiet" onClick={onBack}>
          {own.startAgain}
        </Button>
      </Form>
    </>
  );
}

function Enrolment({ secret, otpauth_url: url }: NonNullable<Schema<'StaffChallenge'>['enrolment']>) {
  const texts = useTexts(STAFF_ENTRY_TEXTS);
  const { data: picture } = useQuery(pictureQuery(url));
  return (
    <section className="grid gap-3" aria-label={texts.enrolTitle}>
      <div>
        <h2>{texts.enrolTitle}</h2>
        <p className="mut">{texts.enrolText}</p>
      </div>
      <div className="mx-auto min-h-48">
        {picture !== undefined && (
          <img className="rounded-lg" src={picture} alt={texts.qr} width={SIDE} height={SIDE} />
        )}
      </div>
      <p className="sm dim">{texts.byHand}</p>
      <code className="secret">{secret}</code>
    </section>
  );
}
