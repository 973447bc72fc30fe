import { LinkButton } from '../../parts/button';
import { useTexts } from '../../texts';
import { VISIT_TEXTS } from '../../texts/visit';
import { Door } from './door';

/** Shown when a visit has ended, and when its address is opened without one. */
export function VisitOverPage() {
  const texts = useTexts(VISIT_TEXTS);
  return (
    <Door title={texts.over} sentence={texts.overText}>
      <LinkButton to="/staff" kind="primary">
        {texts.toConsole}
      </LinkButton>
    </Door>
  );
}
