// Keeps an open page up with its campaign: asks the server for the campaign's state, and puts the parts of the page that have
// changed in the place of the old ones. Says how old the page is while the server cannot be reached.
//
// The state is one small answer for everybody, which may be kept for a second: `version` (of what everybody is shown), `every` (the
// seconds between two questions), `spread` (the seconds over which those who wait for one instant spread their questions) and `state`.

/** An answer that takes longer is taken for none. */
const PATIENCE_MS = 5_000;
/** Without a word for this time, after a question that failed, the page is called old. */
const OLD_MS = 10_000;
const RETRY_MS = 4_000;
const MAX_RETRY_MS = 30_000;
/** After an instant at which something changes, so that nobody asks while posts are on their way. */
const AFTER_MS = 2_000;
/** A page that everybody gets may be a second older than the state. */
const KEPT_MS = 1_500;

const said = document.querySelector('[data-follow-said]');
const news = document.querySelector('[data-follow-news]');
const { lang } = document.documentElement;
const clock = new Intl.DateTimeFormat(
  `${lang === 'en' ? 'en-GB' : lang}-u-nu-${document.body.dataset.numbers ?? 'latn'}`,
  { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
);

let heardAt = Date.now();
/** The `Date` of the last answer: one that is not newer comes from something in between that kept it. */
let heardDate = 0;
/** The server's clock less this one. */
let aheadMs = 0;
let failures = 0;
let told = { every: 60, spread: 5 };
let timer = 0;
/** Parts that wait until nobody is using the old ones. */
let waiting = null;
/** HTML of each part as the server sent it: scripts have changed it since. */
const sent = new Map();

const main = () => document.querySelector('main[data-follow]');
const parts = (root) => [...root.querySelectorAll('[data-part]')];
const headline = () =>
  [...document.querySelectorAll('[data-headline]')]
    .map(({ innerText }) => innerText.trim())
    .join('. ');
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function sayAge() {
  const old = failures > 0 && Date.now() - heardAt > OLD_MS;
  document.documentElement.toggleAttribute('data-page-old', old);
  say(said, old ? said.dataset.asOf.replace('%t', clock.format(heardAt)) : '');
}

/** Somebody types in it, has typed, or looks at what they would confirm. */
function isInUse(part) {
  const fields = [...part.querySelectorAll('input:not([type="hidden"]), textarea')];
  return (
    fields.some(
      (field) => field === document.activeElement || field.value !== field.defaultValue,
    ) || part.querySelector('details[open] form') !== null
  );
}

/** What has the focus keeps it, or hands it on to the part that it was in; what was opened stays open. */
function replace(part, fresh) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const open = [...part.querySelectorAll('details')].map((element) => element.open);
  part.replaceWith(fresh);
  for (const [index, element] of fresh.querySelectorAll('details').entries()) {
    if (open[index]) element.open = true;
  }
  if (focused) {
    const same = [...fresh.querySelectorAll(focused.localName)].find(
      (element) => element.outerHTML === focused.outerHTML,
    );
    const place = same ?? fresh.querySelector('h1, h2, h3') ?? fresh;
    if (!same) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
  fresh.dispatchEvent(new Event('part-replaced', { bubbles: true }));
}

function apply(page) {
  waiting = null;
  const before = headline();
  for (const part of parts(document)) {
    const { part: name } = part.dataset;
    const fresh = parts(page).find((one) => one.dataset.part === name);
    if (!fresh || fresh.outerHTML === sent.get(name)) continue;
    if (isInUse(part)) {
      waiting = page;
      continue;
    }
    sent.set(name, fresh.outerHTML);
    replace(part, document.importNode(fresh, true));
  }
  const { dataset } = page.querySelector('main');
  const { dataset: shown } = document.querySelector('main');
  for (const name of ['state', 'version', 'changes', 'follow']) {
    if (dataset[name] === undefined) delete shown[name];
    else shown[name] = dataset[name];
  }
  const now = headline();
  if (now !== before) say(news, now);
}

async function read(url, options = {}) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** A page that is made for one person costs more than a public one: not all are asked for at once, and none during the burst. */
async function update(version) {
  const { own } = main().dataset;
  if (own !== undefined) await later(Math.random() * told.spread * 1000);
  const page = async (options) =>
    new DOMParser().parseFromString(await (await read(location.href, options)).text(), 'text/html');
  let fresh = await page();
  if (own === undefined && fresh.querySelector('main')?.dataset.version !== version) {
    await later(KEPT_MS);
    fresh = await page({ cache: 'no-cache' });
  }
  if (!fresh.querySelector('main')) throw new Error('No page');
  apply(fresh);
  if (own !== undefined && main()) main().dataset.version = version;
}

function isOutdated(element) {
  const { own, version } = element.dataset;
  if (own === undefined) return version !== told.version;
  if (told.state === 'firing') return false;
  // A receipt does not say of which version it is: it may be older than any result.
  if (version === '' && ['open', 'locked'].includes(told.state))
    element.dataset.version = told.version;
  return element.dataset.version !== told.version;
}

async function ask() {
  if (waiting) apply(waiting);
  const answer = await read(main().dataset.follow);
  const date = Date.parse(answer.headers.get('date') ?? '');
  told = await answer.json();
  if (!(date <= heardDate)) {
    heardAt = Date.now();
    failures = 0;
  } else if (Date.now() - heardAt > OLD_MS) failures += 1;
  if (date > heardDate) {
    heardDate = date;
    aheadMs = date - Date.now();
  }
  if (isOutdated(main())) await update(told.version);
}

/** Milliseconds until the next question. */
function pause() {
  if (failures > 0) {
    return Math.min(RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS) * (0.75 + Math.random() / 2);
  }
  const now = Date.now() + aheadMs;
  const usual = told.every * 1000 * (0.75 + Math.random() / 2);
  const next = (main().dataset.changes ?? '')
    .split(' ')
    .map((instant) => Date.parse(instant) + AFTER_MS - now)
    .find((left) => left > 0);
  return next === undefined || next > usual ? usual : next + Math.random() * told.spread * 1000;
}

async function step() {
  clearTimeout(timer);
  // Nobody looks: it is asked for when somebody does.
  if (document.hidden || !main()) return;
  try {
    await ask();
  } catch {
    failures += 1;
  }
  sayAge();
  clearTimeout(timer);
  if (main()) timer = setTimeout(step, pause());
}

if (main() && said && news) {
  for (const part of parts(document)) sent.set(part.dataset.part, part.outerHTML);
  timer = setTimeout(step, 1_000 + Math.random() * 3_000);
  document.addEventListener('visibilitychange', step);
  // Until then it is not known where the focus goes, and what is open.
  const retry = () => setTimeout(() => waiting && apply(waiting));
  document.addEventListener('focusout', retry);
  document.addEventListener('toggle', retry, true);
  setInterval(sayAge, 1_000);
}
