import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { queryClient } from '../api/client';
import { useCan } from '../api/rights';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';
import { VIEWS_TEXTS } from '../texts/views';
import { Button, IconButton } from './button';
import { CheckField } from './check-field';
import { Confirm } from './confirm';
import { Dialog } from './dialog';
import { TextField } from './field';
import { Form, useSavedForm } from './form';
import { Icon } from './icon';
import { TabRow } from './tab-row';
import { toast } from './toast';

/** A view as the API shows it, whatever it filters. */
interface View<Filters> {
  readonly id: string;
  readonly name: string;
  readonly filters: Filters;
  readonly shared: boolean;
  readonly mine: boolean;
  readonly removable: boolean;
}

interface Wanted<Filters> {
  readonly name: string;
  readonly filters: Filters;
  readonly shared: boolean;
}

/** The views of one list: their requests, and the address of each. */
export interface ViewedList<Filters extends object> {
  readonly name: string;
  /** Oldest first. */
  readonly load: () => Promise<readonly View<Filters>[]>;
  readonly save: (wanted: Wanted<Filters>) => Promise<unknown>;
  readonly share: (id: string, shared: boolean) => Promise<unknown>;
  readonly remove: (id: string) => Promise<unknown>;
  readonly linkTo: (filters: Filters) => LinkProps;
}

const viewsChanged = (list: string) => queryClient.invalidateQueries({ queryKey: ['views', list] });

export const SAME = { exact: true, includeSearch: true } as const;
const keyOf = (filters: object) => JSON.stringify(Object.entries(filters).toSorted(([a], [b]) => a.localeCompare(b)));

interface ViewTabsProps<Filters extends object> {
  readonly label: string;
  readonly list: ViewedList<Filters>;
  readonly filters: Filters;
  /** The predefined views. */
  readonly children: ReactNode;
}

/** Predefined and saved views, as tabs. */
export function ViewTabs<Filters extends object>({ label, list, filters, children }: ViewTabsProps<Filters>) {
  const texts = useTexts(VIEWS_TEXTS);
  const can = useCan();
  const { data: saved = [] } = useQuery({
    queryKey: ['views', list.name],
    queryFn: list.load,
    enabled: can('self'),
  });
  const now = keyOf(filters);
  return (
    <TabRow label={label} current={now}>
      {children}
      {saved.map((view) => (
        <span key={view.id} className="row gap-0">
          <Link {...list.linkTo(view.filters)} className="view" activeOptions={SAME}>
            {view.name}
            {view.shared && (
              <>
                <Icon name="team" />
                <span className="vh">{texts.sharedWith}</span>
              </>
            )}
          </Link>
          {keyOf(list.linkTo(view.filters).search as object) === now && <ViewActions view={view} list={list} />}
        </span>
      ))}
    </TabRow>
  );
}

interface ViewActionsProps<Filters extends object> {
  readonly view: View<Filters>;
  readonly list: ViewedList<Filters>;
}

/** Sharing and removing the view that is shown. */
function ViewActions<Filters extends object>({ view, list }: ViewActionsProps<Filters>) {
  const texts = useTexts(VIEWS_TEXTS);
  const [asking, setAsking] = useState(false);
  const changed = () => viewsChanged(list.name);
  const sharing = useMutation({
    mutationFn: () => list.share(view.id, !view.shared),
    onSuccess: async () => {
      toast(view.shared ? texts.unshared : texts.shared);
      await changed();
    },
  });
  const removing = useMutation({
    mutationFn: () => list.remove(view.id),
    onSuccess: async () => {
      setAsking(false);
      await changed();
    },
  });
  return (
    <>
      {view.mine && (
        <IconButton
          kind="quiet"
          icon="team"
          label={view.shared ? texts.unshare(view.name) : texts.share(view.name)}
          aria-pressed={view.shared}
          disabled={sharing.isPending}
          onClick={() => sharing.mutate()}
        />
      )}
      {view.removable && (
        <IconButton kind="quiet" icon="x" label={texts.remove(view.name)} onClick={() => setAsking(true)} />
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.removeTitle(view.name)}
        sentence={view.shared ? texts.removeShared : texts.removeMine}
        keep={texts.keep}
        act={texts.removeAct}
        doing={removing}
      />
    </>
  );
}

interface Values {
  name: string;
  shared: boolean;
}

const LONGEST = 40;

interface SaveViewProps<Filters extends object> {
  readonly list: ViewedList<Filters>;
  readonly filters: Filters;
}

/** Saves the current view under a name. */
export function SaveView<Filters extends object>({ list, filters }: SaveViewProps<Filters>) {
  const texts = useTexts(VIEWS_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const saved = useSavedForm<Values, unknown>({
    defaults: { name: '', shared: false },
    save: ({ name, shared }) => list.save({ name: name.trim(), filters, shared }),
    onSaved: async () => {
      setAsking(false);
      await viewsChanged(list.name);
    },
  });
  if (!can('self')) return null;
  return (
    <>
      <Button size="small" kind="quiet" onClick={() => setAsking(true)}>
        {texts.save}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.save} sentence={texts.saveText}>
        <Form {...saved} className="grid gap-4">
          <TextField<Values> name="name" label={texts.name} most={LONGEST} rules={{ required: texts.fillIn }} />
          <CheckField<Values> name="shared" label={texts.shareIt} hint={texts.shareHint} />
          <div className="acts">
            <Button onClick={() => setAsking(false)}>{cancel}</Button>
            <Button type="submit" kind="primary" busy={saved.saving.isPending}>
              {texts.save}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
