import { QueryClientProvider } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { staffQueries } from '../api/client';
import '../styles/staff.css';

/** Around all pages of the console: their answers are kept apart from those to creators. */
export const Frame = () => (
  <QueryClientProvider client={staffQueries}>
    <Outlet />
  </QueryClientProvider>
);
