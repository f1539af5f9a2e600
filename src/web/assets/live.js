// Puts each event of the stream in the place of the figures, and says in words how old what stands there is.
//
// Events: `figures` (the fragment), `tick` (the time on the campaign's clock), `end` (why the stream is over). The id of each is
// the server's time in milliseconds at which it was sent.

/** The server sends something every 2 s; without a word for this time the figures are called old. */
const OLD_MS = 5_000;
/** An event that was on its way for this time longer than the fastest one was held back by something in between. */
const LATE_MS = 3_000;
/** After a silence of this length a new connection is tried. */
const RECONNECT_MS = 15_000;
const RETRY_MS = 3_000;
/** In a silence the server is asked this often whether it is there at all. */
const PROBE_MS = 10_000;
/** How long "late" is said after an event that was. */
const LATE_SHOWN_MS = 60_000;
/** How many events are compared to find the fastest. */
const COMPARED = 30;

const HELD_BACK = ': something between this page and the server holds the figures back';

const region = document.querySelector('[data-figures]');
const status = document.querySelector('[data-live-state]');

let stream = null;
let heardAt = Date.now();
/** The time on the campaign's clock of the last event, for people. */
let lastClock = '';
/** Milliseconds between the server's clock and this one, each with the way of one event in it. */
let ways = [];
let late = { ms: 0, at: 0 };
/** What is known of a silence. */
let why = '';
let probedAt = 0;
let lost = false;
let ended = false;
/** When the figures were read, by this browser's clock. */
let figuresAt = Date.now();

function say(state, words) {
  region.toggleAttribute('data-old', state !== 'live' && state !== 'late');
  if (status.dataset.liveState === state && status.firstElementChild.textContent === words) return;
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

/** Clocks differ by an unknown amount; the fastest of the last events shows the least that it can be. */
function noteWay(sentAt) {
  const way = Date.now() - sentAt;
  ways = [...ways, way].slice(-COMPARED);
  return way - Math.min(...ways);
}

function heard(event) {
  const sentAt = Number(event.lastEventId);
  const onItsWayMs = noteWay(sentAt);
  if (onItsWayMs > LATE_MS) late = { ms: onItsWayMs, at: Date.now() };
  heardAt = Date.now();
  probedAt = 0;
  why = '';
  lost = false;
  return Date.now() - onItsWayMs;
}

/** The workers' ages go on between two events, and while none comes. */
function showWorkers(old) {
  const passed = Math.max(0, (Date.now() - figuresAt) / 1000);
  let trouble = 0;
  for (const row of region.querySelectorAll('[data-worker]')) {
    const cell = row.querySelector('[data-seen]');
    const seconds = Number(cell.dataset.seen) + passed;
    const silent = seconds > Number(cell.dataset.silentAfter);
    cell.textContent = `${Math.round(seconds).toLocaleString('en')} s ago${silent ? ', silent' : ''}`;
    cell.classList.toggle('alarm', silent);
    row.toggleAttribute('data-warning', silent || row.dataset.clockOff !== undefined);
    if (silent || row.dataset.clockOff !== undefined) trouble += 1;
  }
  const summary = region.querySelector('[data-workers]');
  if (!summary) return;
  const { well, trouble: look, unknown } = summary.dataset;
  summary.classList.toggle('alarm', trouble > 0);
  if (trouble > 0) summary.textContent = look.replace('%n', String(trouble));
  else summary.textContent = old ? unknown.replace('%t', lastClock) : well;
}

function show() {
  const silentMs = Date.now() - heardAt;
  const old = ended || lost || silentMs > OLD_MS;
  showWorkers(old);
  if (ended) return;
  const since = lastClock === '' ? '' : ` since ${lastClock}`;
  if (lost) say('lost', `connection lost: these figures are old${since}`);
  else if (silentMs > OLD_MS) say('old', `old${since}${why}`);
  else if (Date.now() - late.at < LATE_SHOWN_MS) {
    say('late', `up to ${Math.round(late.ms / 1000)} s late${HELD_BACK}`);
  } else if (stream?.readyState === EventSource.OPEN && ways.length > 1) say('live', 'live');
}

/** Nothing is tried any more: what would help is another thing than waiting. */
function end() {
  ended = true;
  stream?.close();
  say('ended', `signed out: these figures are old since ${lastClock}`);
  status.querySelector('[data-live-sign-in]').hidden = false;
  show();
}

/** The status of this page now; 0 where the server does not answer. */
async function probe() {
  const signal = AbortSignal.timeout(OLD_MS);
  const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store', signal }).catch(
    () => null,
  );
  return answer?.status ?? 0;
}

/** The stream was refused: for want of a session, or because the instance is not well. */
async function onRefused() {
  if ((await probe()) === 401) end();
  else setTimeout(connect, RETRY_MS);
}

/** Nothing comes: is it the server, or a proxy in between that keeps the events for itself? */
async function onSilence() {
  probedAt = Date.now();
  const asked = heardAt;
  const status = await probe();
  if (heardAt !== asked || ended) return;
  if (status === 401) end();
  else why = status === 200 ? HELD_BACK : ': the server does not answer';
  show();
}

function connect() {
  stream?.close();
  const mine = new EventSource(region.dataset.eventsUrl);
  stream = mine;
  mine.addEventListener('figures', (event) => {
    figuresAt = heard(event);
    replaceFigures(event.data);
    lastClock = region.querySelector('[data-figures-at]')?.dataset.figuresAt ?? lastClock;
    show();
  });
  mine.addEventListener('tick', (event) => {
    heard(event);
    lastClock = event.data;
    show();
  });
  mine.addEventListener('end', (event) => {
    if (event.data === 'session') end();
  });
  mine.addEventListener('error', () => {
    if (ended || stream !== mine) return;
    lost = true;
    show();
    // The browser tries again by itself unless the server has refused the stream.
    if (mine.readyState === EventSource.CLOSED) onRefused();
  });
}

let lookedAt = Date.now();

function look() {
  const now = Date.now();
  // This device was asleep, or the page in the background: what was compared before says nothing any more.
  if (now - lookedAt > OLD_MS) ways = [];
  lookedAt = now;
  if (!ended && now - heardAt > OLD_MS && now - probedAt > PROBE_MS) onSilence();
  if (!ended && now - heardAt > RECONNECT_MS && (now - heardAt) % RECONNECT_MS < 1_000) connect();
  show();
}

if (region && status) {
  // The page itself is the first word of the server: an event that is much slower than it was held back.
  const read = region.querySelector('[data-figures-at]');
  const [navigation] = performance.getEntriesByType('navigation');
  const arrivedAt = performance.timeOrigin + (navigation?.responseStart ?? performance.now());
  if (read) {
    ways.push(arrivedAt - Date.parse(read.dateTime));
    figuresAt = arrivedAt;
    lastClock = read.dataset.figuresAt;
  }
  say('connecting', 'connecting');
  connect();
  setInterval(look, 1_000);
}
