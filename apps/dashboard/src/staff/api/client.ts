import { starwall } from '#libs/client';
import { answersTo } from '../../api/client';
import { staffSession } from './session';

/** Makes all calls of the console. */
export const staffApi = starwall({ url: location.origin, token: () => staffSession.accessToken() });

/** Separate from the creators' cache, because one browser may have both sessions. */
export const staffQueries = answersTo(staffSession);
