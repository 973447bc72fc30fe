import { useMutation } from '@tanstack/react-query';
import { saveAs } from '../../api/files';
import { Button } from '../../parts/button';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { TENANTS_TEXTS } from '../texts/tenants';
import { exportTenant } from './queries';

/** Saves all data of a workspace. The workspace's audit log shows that staff did this. */
export function ExportButton({ tenantId }: { readonly tenantId: string }) {
  const texts = useTexts(TENANTS_TEXTS);
  const exporting = useMutation({
    mutationFn: () => exportTenant(tenantId),
    onSuccess: (archive) => saveAs(archive, `${tenantId}.zip`),
    onError: () => toast(texts.exportFailed),
  });
  return (
    <Button icon="down2" className="hide-s" busy={exporting.isPending} onClick={() => exporting.mutate()}>
      {texts.export}
    </Button>
  );
}
