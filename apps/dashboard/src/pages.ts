/** What addresses of the dashboard begin with; `/` is one, too. The platform serves the page at these, and everything else is the API's. */
export const PAGES = ['sign-in', 'sign-up', 'orders', 'products', 'bots', 'buyers', 'support'] as const;
