export const Logo = () => (
  <svg className="logo" viewBox="0 0 24 24" aria-hidden="true">
    <rect width="24" height="24" rx="6" fill="light-dark(#151b25,#232b37)" />
    <path
      d="M12 4L14.06 8.17L18.66 8.84L15.33 12.08L16.11 16.66L12 14.5L7.89 16.66L8.67 12.08L5.34 8.84L9.94 8.17Z"
      fill="#f6bb3a"
      stroke="#f6bb3a"
      strokeWidth="1.2"
      strokeLinejoin="round"
    />
    <path d="M0 13.5h24V18a6 6 0 0 1-6 6H6a6 6 0 0 1-6-6z" fill="light-dark(#151b25,#232b37)" />
    <path
      d="M3 14.5h5.3v3H3zM9.3 14.5h5.4v3H9.3zM15.7 14.5H21v3h-5.3zM4 18.5h7.5v3H6.5A3 3 0 0 1 4 19.5zM12.5 18.5H20v1a3 3 0 0 1-2.5 2h-5z"
      fill="#8d99aa"
    />
  </svg>
);
