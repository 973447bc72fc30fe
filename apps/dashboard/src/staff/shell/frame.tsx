import { QueryClientProvider } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { staffQueries } from '../api/client';
import '../styles/staff.css';

/** Wraps all pages of the console in a query cache that is separate from the creators'. */
export const Frame = () => (
  <QueryClientProvider client={staffQueries}>
    <Outlet />
  </QueryClientProvider>
);
