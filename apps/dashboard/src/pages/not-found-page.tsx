import { LinkButton } from '../parts/button';
import { Empty } from '../parts/states';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

export function NotFoundPage() {
  const texts = useTexts(COMMON_TEXTS);
  return (
    <main className="p-8">
      <Empty title={texts.notFound} text={texts.notFoundText}>
        <LinkButton to="/" kind="primary">
          {texts.toHome}
        </LinkButton>
      </Empty>
    </main>
  );
}
