// Fills in what a server cannot know: the visitor's own clock and zone. Without it the page is complete.

const { lang } = document.documentElement;
/** With the digits that the server writes: a browser may know another edition of the rules. */
const language = `${lang === 'en' ? 'en-GB' : lang}-u-nu-${document.body.dataset.numbers ?? 'latn'}`;
const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });

function clockOf(instant) {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return instant.getTime() % 60_000 === 0 ? clock : { ...clock, second: '2-digit' };
}

/** A format for times that are taken from a wall already. */
function wallFormat(options) {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
}

/** As a sentence begins. */
function begun(text) {
  return text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * What the visitor's clock shows then, as a time in UTC. In the campaign's own zone that is the campaign's wall time: the rules of
 * a browser may be older than the server's.
 */
function wallOf(element) {
  const instant = new Date(element.dateTime);
  if ((element.dataset.zones ?? '').split(' ').includes(zone))
    return new Date(`${element.dataset.wall}Z`);
  return new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
}

/** The moment by the visitor's own calendar and clock; `wall`: see wallOf. */
function localTime(wall) {
  const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  const comma = new Intl.Locale(lang).maximize().script === 'Arab' ? '،' : ',';
  return begun(`${wallFormat(day).format(wall)}${comma} ${wallFormat(clockOf(wall)).format(wall)}`);
}

/** Tuesday 10:00 for you, 11:00 in Moscow; one time only where both clocks say the same. */
function sentence(element) {
  const { wall, clock, dayClock, both, same } = element.dataset;
  const mine = wallOf(element);
  const here = mine.toISOString();
  if (here.slice(0, 16) === wall.slice(0, 16)) return same;
  const yours = wallFormat({ weekday: 'long', ...clockOf(mine) }).format(mine);
  const theirs = here.slice(0, 10) === wall.slice(0, 10) ? clock : dayClock;
  return begun(both.replace('%1', () => yours).replace('%2', () => theirs));
}

function fillTimes(part) {
  for (const element of part.querySelectorAll('time[data-both]')) {
    element.textContent = sentence(element);
  }
  for (const element of part.querySelectorAll('time[data-local]')) {
    element.textContent = localTime(wallOf(element));
    element.closest('.timetable-yours')?.setAttribute('data-known', '');
  }
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
    unit.firstElementChild.textContent = twoDigits.format(value);
  }
}

function tick(element) {
  // Another part of the page has taken its place.
  if (!element.isConnected) return;
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

function begin(part) {
  fillTimes(part);
  for (const element of part.querySelectorAll('[data-countdown]')) {
    setClock(element);
    tick(element);
  }
}

begin(document);
document.addEventListener('part-replaced', (event) => begin(event.target));
