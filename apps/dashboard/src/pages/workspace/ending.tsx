import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { meQuery } from '../../api/everywhere';
import { saveAs } from '../../api/files';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Part } from '../../parts/part';
import { ProblemNote } from '../../parts/problem';
import { toast } from '../../parts/toast';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useFormat, useTexts } from '../../texts';
import { archiveFile, closeWorkspace, closureQuery, keepWorkspace, workspaceChanged } from './queries';

/** The export of all data, and the closing of the workspace. */
export function Ending() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const can = useCan();
  const exporting = useMutation({ mutationFn: archiveFile, onSuccess: (file) => saveAs(file, 'starwall.zip') });
  return (
    <>
      <Part first title={texts.export} text={texts.exportText}>
        {exporting.isError && <ProblemNote error={exporting.error} />}
        <Button icon="down2" busy={exporting.isPending} onClick={() => exporting.mutate()}>
          {texts.download}
        </Button>
      </Part>
      {can('workspace:write') && <Closing />}
    </>
  );
}

function Closing() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { full } = useFormat();
  const [asking, setAsking] = useState(false);
  const { data: closure } = useQuery(closureQuery);
  const keeping = useMutation({
    mutationFn: keepWorkspace,
    onSuccess: async () => {
      toast(texts.kept);
      await workspaceChanged();
    },
  });
  if (closure !== undefined && closure !== null)
    return (
      <Part title={texts.close}>
        <div className="callout warn-c mt-0 mb-3">
          <Icon name="alert" />
          <p className="grow">{texts.closes(full(closure.due_at))}</p>
        </div>
        {keeping.isError && <ProblemNote error={keeping.error} />}
        <Button kind="primary" busy={keeping.isPending} onClick={() => keeping.mutate()}>
          {texts.callOffClosing}
        </Button>
      </Part>
    );
  return (
    <Part title={texts.close} text={texts.closeText}>
      <Button kind="danger-words" onClick={() => setAsking(true)}>
        {texts.close}
      </Button>
      {asking && <CloseDialog onClose={() => setAsking(false)} />}
    </Part>
  );
}

interface Values {
  confirm: string;
}

function CloseDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const saved = useSavedForm<Values, Schema<'Closure'>>({
    defaults: { confirm: '' },
    save: ({ confirm }) => closeWorkspace({ confirm }),
    onSaved: async () => {
      onClose();
      await workspaceChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.closeTitle(me.tenant.name)} sentence={texts.closeSentence}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="confirm"
          label={texts.typeName(me.tenant.name)}
          autoComplete="off"
          rules={{ validate: (value) => value === me.tenant.name || texts.notTheName }}
        />
        <div className="acts">
          <Button onClick={onClose}>{texts.keepIt}</Button>
          <Button type="submit" kind="danger" busy={saved.saving.isPending}>
            {texts.close}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
