// Before the first paint: the theme that this browser was set to, if it was.
const theme = localStorage.getItem('starwall.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
