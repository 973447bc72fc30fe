import { answered, type Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Form, useSavedForm } from '../../parts/form';
import { PasswordField } from '../../parts/password-field';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { ENTRY_TEXTS } from '../../texts/entry';
import { staffApi } from '../api/client';
import { CONSOLE_TEXTS } from '../texts/console';

type Values = Schema<'StaffChangePassword'>;

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(CONSOLE_TEXTS);
  const { passwordHint } = useTexts(ENTRY_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { current_password: '', new_password: '' },
    save: (body) => answered(staffApi.POST('/v1/staff/auth/password', { body })),
    onSaved: () => {
      onClose();
      toast(texts.passwordChanged);
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.changePassword} sentence={texts.othersEnd}>
      <Form {...saved} className="grid gap-4">
        <PasswordField<Values> name="current_password" label={texts.currentPassword} autoComplete="current-password" />
        <PasswordField<Values>
          name="new_password"
          label={texts.newPassword}
          hint={passwordHint}
          autoComplete="new-password"
        />
        <div className="acts">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.changePassword}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
