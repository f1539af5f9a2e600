// Puts each event of the stream in the place of the figures, and says in words whether the stream is alive.

const RETRY_MS = 3000;
const region = document.querySelector('[data-figures]');
const status = document.querySelector('[data-live-state]');

function say(state, words) {
  if (status.dataset.liveState === state) return;
  status.dataset.liveState = state;
  status.firstElementChild.textContent = words;
}

/** What a person has opened stays open, and what has the focus keeps it, while the figures change. */
function replaceFigures(html) {
  const open = [...region.querySelectorAll('details[open]')].map((element) => element.id);
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  region.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function connect() {
  const stream = new EventSource(region.dataset.eventsUrl);
  stream.addEventListener('open', () => say('live', 'live'));
  stream.addEventListener('figures', (event) => {
    replaceFigures(event.data);
    say('live', 'live');
  });
  stream.addEventListener('error', () => {
    say('lost', 'connection lost: these figures are old');
    // The browser tries again by itself unless the server has refused the stream.
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
  });
}

if (region && status) connect();
