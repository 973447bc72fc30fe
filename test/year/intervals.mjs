// Loaded into every process of the run, because a round of every minute must also run when the time of day has jumped past it. Only
// long intervals follow the time of day; all other timers keep their real length.
const LONG_MS = 1_000;
const LOOK_MS = 50;
const real = globalThis.setInterval;

globalThis.setInterval = (run, ms = 1, ...args) => {
  if (ms < LONG_MS) return real(run, ms, ...args);
  let due = Date.now() + ms;
  return real(() => {
    if (Date.now() < due) return;
    due = Date.now() + ms;
    run(...args);
  }, LOOK_MS);
};
