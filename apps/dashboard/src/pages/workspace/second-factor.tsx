import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { meQuery } from '../../api/everywhere';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { PasswordField } from '../../parts/password-field';
import { SecretDialog } from '../../parts/secret';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useTexts } from '../../texts';
import { beginFactor, confirmFactor, disableFactor, workspaceChanged } from './queries';

/** Turns the second factor on and off. */
export function SecondFactor() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const [step, setStep] = useState<'on' | 'off'>();
  const [enrolment, setEnrolment] = useState<Schema<'SecondFactorEnrolment'>>();
  const [codes, setCodes] = useState<string>();
  const factor = me.second_factor;
  return (
    <Part
      title={texts.secondFactor}
      text={factor === null ? texts.secondFactorText : texts.codesLeft(factor.recovery_codes_left)}
      beside={
        <>
          <Badge tone={factor === null ? 'plain' : 'good'}>{factor === null ? texts.off : texts.on}</Badge>
          <Button size="small" onClick={() => setStep(factor === null ? 'on' : 'off')}>
            {factor === null ? texts.turnOn : texts.turnOff}
          </Button>
        </>
      }
    >
      {step === 'on' && enrolment === undefined && <Begin onClose={() => setStep(undefined)} onBegun={setEnrolment} />}
      {step === 'on' && enrolment !== undefined && (
        <Confirm
          enrolment={enrolment}
          onClose={() => {
            setStep(undefined);
            setEnrolment(undefined);
          }}
          onConfirmed={async ({ recovery_codes: list }) => {
            setStep(undefined);
            setEnrolment(undefined);
            setCodes(list.join('\n'));
            await workspaceChanged();
          }}
        />
      )}
      {step === 'off' && <Disable onClose={() => setStep(undefined)} />}
      <SecretDialog
        title={texts.recoveryCodes}
        sentence={texts.recoveryCodesText}
        secret={codes}
        onClose={() => setCodes(undefined)}
      />
    </Part>
  );
}

type Begun = Schema<'BeginSecondFactor'>;

interface BeginProps {
  readonly onClose: () => void;
  readonly onBegun: (enrolment: Schema<'SecondFactorEnrolment'>) => void;
}

function Begin({ onClose, onBegun }: BeginProps) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Begun, Schema<'SecondFactorEnrolment'>>({
    defaults: { password: '' },
    save: beginFactor,
    onSaved: onBegun,
  });
  return (
    <Dialog open onClose={onClose} title={texts.turnOnTitle} sentence={texts.passwordFirst}>
      <Form {...saved} className="grid gap-4">
        <PasswordField<Begun> name="password" label={texts.currentPassword} autoComplete="current-password" />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.goOn}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const SIDE = 208;

/** The QR code of an address. The library is loaded here only. */
const pictureQuery = (url: string) => ({
  queryKey: ['qr', url],
  queryFn: async () => (await import('qrcode')).toDataURL(url, { width: SIDE, margin: 2 }),
  gcTime: 0,
});

interface ConfirmProps {
  readonly enrolment: Schema<'SecondFactorEnrolment'>;
  readonly onClose: () => void;
  readonly onConfirmed: (factor: Schema<'SecondFactor'>) => unknown;
}

function Confirm({ enrolment, onClose, onConfirmed }: ConfirmProps) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const { data: picture } = useQuery(pictureQuery(enrolment.otpauth_url));
  const saved = useSavedForm<Schema<'ConfirmSecondFactor'>, Schema<'SecondFactor'>>({
    defaults: { code: '' },
    save: ({ code }) => confirmFactor({ code: code.trim() }),
    onSaved: onConfirmed,
  });
  return (
    <Dialog open onClose={onClose} title={texts.scanTitle} sentence={texts.scanText}>
      {picture !== undefined && (
        <img className="mx-auto" src={picture} alt={texts.scanTitle} width={SIDE} height={SIDE} />
      )}
      <code className="secret">{enrolment.secret}</code>
      <Form {...saved} className="grid gap-4">
        <TextField<Schema<'ConfirmSecondFactor'>>
          name="code"
          label={texts.code}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.turnOn}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Distinguishes codes: six digits are from the authenticator; anything else is a recovery code. */
export const proofOf = (typed: string) =>
  /^\d{6}$/.test(typed.trim()) ? { code: typed.trim() } : { recovery_code: typed.trim() };

interface Proof {
  password: string;
  code: string;
}

function Disable({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Proof, unknown>({
    defaults: { password: '', code: '' },
    save: ({ password, code }) => disableFactor({ password, ...proofOf(code) }),
    onSaved: async () => {
      onClose();
      toast(texts.factorOff);
      await workspaceChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.turnOffTitle} sentence={texts.turnOffText}>
      <Form {...saved} className="grid gap-4">
        <PasswordField<Proof> name="password" label={texts.currentPassword} autoComplete="current-password" />
        <TextField<Proof> name="code" label={texts.codeOrRecovery} autoComplete="one-time-code" />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="danger" busy={saved.saving.isPending}>
            {texts.turnOff}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
