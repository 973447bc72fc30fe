import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextArea } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { MOST } from '../parts/reason-dialog';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { TENANTS_TEXTS } from '../texts/tenants';
import { lift, tenantChanged } from './queries';

interface Values {
  reason: string;
}

interface LiftDialogProps {
  readonly tenant: Schema<'StaffTenant'>;
  readonly onClose: () => void;
}

export function LiftDialog({ tenant, onClose }: LiftDialogProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const { keep, required } = useTexts(CONSOLE_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { reason: '' },
    save: ({ reason }) => lift(tenant.id, { reason: reason.trim() }),
    onSaved: async () => {
      onClose();
      toast(acts.lifted);
      await tenantChanged(tenant.id);
    },
  });
  return (
    <Dialog open onClose={onClose} title={acts.liftTitle(tenant.name)} sentence={acts.liftText}>
      <Form {...saved} className="grid gap-4">
        <TextArea<Values>
          name="reason"
          label={acts.reasonToCreator}
          most={MOST}
          maxLength={MOST}
          rules={{ validate: (text) => text.trim() !== '' || required }}
        />
        <div className="acts">
          <Button onClick={onClose}>{keep}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.lift}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
