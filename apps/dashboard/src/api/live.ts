import { Live } from '../live/live';
import { queryClient } from './client';

/** The stream of the signed-in workspace. */
export const live = new Live(queryClient);
