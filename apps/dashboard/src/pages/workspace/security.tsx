import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/everywhere';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { PasswordField } from '../../parts/password-field';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useTexts } from '../../texts';
import { Address } from './address';
import { deviceOf } from './device';
import { changePassword, endOthers, endSession, sessionsQuery, workspaceChanged } from './queries';
import { proofOf, SecondFactor } from './second-factor';

export function Security() {
  return (
    <>
      <Sessions />
      <SecondFactor />
      <Address />
      <Password />
    </>
  );
}

function Sessions() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { data: sessions, error, refetch } = useQuery(sessionsQuery);
  const ending = useMutation({ mutationFn: endSession, onSuccess: workspaceChanged });
  const endingOthers = useMutation({ mutationFn: endOthers, onSuccess: workspaceChanged });
  const failed = [ending, endingOthers].find(({ isError }) => isError);
  return (
    <Part
      first
      title={texts.sessions}
      beside={
        (sessions?.length ?? 0) > 1 && (
          <Button size="small" busy={endingOthers.isPending} onClick={() => endingOthers.mutate()}>
            {texts.endOthers}
          </Button>
        )
      }
    >
      {error !== null && sessions === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && sessions === undefined && <Skeleton lines={2} />}
      {failed !== undefined && <ProblemNote error={failed.error} />}
      <ul className="list">
        {sessions?.map((one) => (
          <li key={one.id} className="li">
            <span className="grow min-w-0">
              <span className="m cut block" title={one.user_agent ?? undefined}>
                {deviceOf(one.user_agent) ?? texts.unknownDevice}
              </span>
              <span className="sm dim">
                {one.network !== null && `${one.network}, `}
                <Time at={one.last_used_at ?? one.created_at} />
              </span>
            </span>
            {one.current ? (
              <Badge tone="good">{texts.thisOne}</Badge>
            ) : (
              <Button
                size="small"
                busy={ending.isPending && ending.variables === one.id}
                onClick={() => ending.mutate(one.id)}
              >
                {texts.signOutThere}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface Passwords {
  current_password: string;
  new_password: string;
  code: string;
}

function Password() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const saved = useSavedForm<Passwords, unknown>({
    defaults: { current_password: '', new_password: '', code: '' },
    save: ({ code, ...passwords }) =>
      changePassword(me.second_factor === null ? passwords : { ...passwords, ...proofOf(code) }),
    onSaved: async () => {
      saved.form.reset();
      toast(texts.passwordChanged);
      await workspaceChanged();
    },
  });
  return (
    <Part title={texts.password}>
      <Form {...saved} className="grid max-w-96 gap-4">
        <PasswordField<Passwords>
          name="current_password"
          label={texts.currentPassword}
          autoComplete="current-password"
        />
        <PasswordField<Passwords>
          name="new_password"
          label={texts.newPassword}
          hint={texts.passwordHint}
          autoComplete="new-password"
        />
        {me.second_factor !== null && (
          <TextField<Passwords> name="code" label={texts.codeOrRecovery} autoComplete="one-time-code" />
        )}
        <Button type="submit" className="justify-self-start" busy={saved.saving.isPending}>
          {texts.changePassword}
        </Button>
      </Form>
    </Part>
  );
}
