import { Session } from './creator-session';
import { isVisit, Visit } from './visit';

/** The visit of a member of staff, in its tab. */
export const visit = isVisit() ? new Visit() : undefined;

/** The session of this page. */
export const session: Session = visit ?? new Session();
