import { LinkButton } from '../../parts/button';
import { Empty } from '../../parts/states';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { CONSOLE_TEXTS } from '../texts/console';

export function StaffNotFound() {
  const texts = useTexts(COMMON_TEXTS);
  const { noSuchPage, toConsole } = useTexts(CONSOLE_TEXTS);
  return (
    <main className="p-8">
      <Empty title={texts.notFound} text={noSuchPage}>
        <LinkButton to="/staff" kind="primary">
          {toConsole}
        </LinkButton>
      </Empty>
    </main>
  );
}
