import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../api/everywhere';
import type { Visit } from '../api/visit';
import { Button } from '../parts/button';
import { Icon } from '../parts/icon';
import { useFormat, useTexts } from '../texts';
import { VISIT_TEXTS } from '../texts/visit';

/** The bar above every page of a visit: the workspace, the visitor, and the end of the visit. */
export function Visiting({ visit }: { readonly visit: Visit }) {
  const texts = useTexts(VISIT_TEXTS);
  const { clock } = useFormat();
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <div className="sandbox visit" role="status">
      <Icon name="eye" />
      <span className="grow">
        <b>{texts.workspaceOf(me.tenant.name)}</b> {texts.looking(me.email, clock(visit.pass?.until ?? ''))}
      </span>
      <Button size="small" onClick={() => void visit.signOut()}>
        {texts.end}
      </Button>
    </div>
  );
}
