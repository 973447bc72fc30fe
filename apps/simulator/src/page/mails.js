const list = document.querySelector('#mails');
let newest;

const made = (name, text) => {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
};

/** Letters are shown as text, so that nothing in them runs. */
function shown({ to, subject, text, receivedAt }) {
  const item = document.createElement('li');
  const time = made('time', `To ${to}, ${new Date(receivedAt).toLocaleString()}`);
  time.dateTime = receivedAt;
  item.append(made('h2', subject), time, made('pre', text));
  return item;
}

async function look() {
  try {
    const mails = await (await fetch('/control/mails')).json();
    if (mails[0]?.id === newest && newest !== undefined) return;
    newest = mails[0]?.id;
    list.replaceChildren(...mails.map(shown));
    document.querySelector('#none').hidden = mails.length > 0;
  } catch {
    // The simulator is away for a moment; the next look finds it.
  }
}

await look();
setInterval(look, 2_000);
