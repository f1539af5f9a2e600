// Fills in what a server cannot know: the visitor's own clock and zone. Without it the page is complete.

const language = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;

/** The moment by the visitor's own calendar and clock. */
function localTime(instant) {
  const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (instant.getTime() % 60_000 !== 0) clock.second = '2-digit';
  const date = new Intl.DateTimeFormat(language, day).format(instant);
  const text = `${date}, ${new Intl.DateTimeFormat(language, clock).format(instant)}`;
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

for (const element of document.querySelectorAll('time[data-local]')) {
  element.textContent = localTime(new Date(element.dateTime));
  element.closest('.timetable-yours')?.setAttribute('data-known', '');
}

/** The clock that a countdown goes by: the server's where the page says what it was, else the visitor's. */
const clocks = new Map();

function now(element) {
  return Date.now() + (clocks.get(element) ?? 0);
}

/** Between the server's word and the first byte here lies half a round trip, so we are late by that, never early. */
function setClock(element) {
  if (!element.dataset.now) return;
  const [navigation] = performance.getEntriesByType('navigation');
  const heardAt =
    Date.now() - (performance.now() - (navigation?.responseStart ?? performance.now()));
  clocks.set(element, Date.parse(element.dataset.now) - heardAt);
}

function show(element, left) {
  const seconds = Math.ceil(left / 1000);
  const values = {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
  element.toggleAttribute('data-long', values.days > 99);
  for (const unit of element.querySelectorAll('[data-unit]')) {
    const value = values[unit.dataset.unit];
    unit.hidden = unit.dataset.unit === 'days' && value === 0;
    unit.firstElementChild.textContent = String(value).padStart(2, '0');
  }
}

function tick(element) {
  const left = Date.parse(element.dataset.countdown) - now(element);
  const { over, since } = element.dataset;
  if (left > 0) {
    show(element, left);
    element.dataset.state = 'running';
    setTimeout(() => tick(element), left % 1000 || 1000);
  } else if (since) {
    // Whole seconds that have passed.
    show(element, Math.floor(-left / 1000) * 1000);
    element.ariaLabel = since;
    element.dataset.state = 'since';
    setTimeout(() => tick(element), 1000 - (-left % 1000));
  } else {
    element.textContent = over;
    element.dataset.state = 'over';
    element.dispatchEvent(new Event('countdown-over', { bubbles: true }));
  }
}

for (const element of document.querySelectorAll('[data-countdown]')) {
  setClock(element);
  tick(element);
}
