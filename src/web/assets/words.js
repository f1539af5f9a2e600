// Counts a text of one's own while it is typed, by each platform's own rules: the server has them, and keeps nothing of it.
const PAUSE_MS = 300;
const PATIENCE_MS = 5_000;

const own = document.querySelector('textarea[data-count]');
const choice = document.querySelector('input[name="wording"][value="own"]');
const said = document.querySelector('[data-own-said]');
let timer = 0;
let latest = 0;

own?.addEventListener('input', countSoon);
// Typed before this script was there, or filled in again by the browser: no event tells of it.
if (own && own.value !== own.defaultValue) countSoon();

function countSoon() {
  if (choice) choice.checked = true;
  clearTimeout(timer);
  timer = setTimeout(count, PAUSE_MS);
}

async function count() {
  latest += 1;
  const mine = latest;
  const answer = await ask();
  // Somebody typed on: the next count tells.
  if (mine !== latest) return;
  // Without the network nothing is known, and an old count would be a wrong one. It is checked again when the form is sent.
  say(answer ? answer.said : own.dataset.offline);
  for (const place of document.querySelectorAll('.own-lengths [data-length-on]')) {
    const one = answer?.lengths.find(({ platform }) => platform === place.dataset.lengthOn);
    place.hidden = !one;
    if (!one) continue;
    place.textContent = one.words;
    place.toggleAttribute('data-over', one.over);
  }
}

async function ask() {
  const body = new URLSearchParams({ own: own.value, text_locale: own.lang });
  const wait = { method: 'POST', body, signal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const answer = await fetch(own.dataset.count, wait);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Said once: the same sentence again would be read out again. */
function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

// Another language of the texts: what was typed goes along, as it does with "Show my text".
const form = document.querySelector('.words-form');

for (const link of document.querySelectorAll('.text-locales a')) {
  link.addEventListener('click', (event) => {
    if (!hasTyped()) return;
    event.preventDefault();
    const language = form.elements.text_locale;
    const before = language.value;
    language.value = link.hreflang;
    const show = document.createElement('input');
    Object.assign(show, { type: 'hidden', name: 'show', value: 'text' });
    form.append(show);
    form.submit();
    // On coming back the page is as it was.
    show.remove();
    language.value = before;
  });
}

function hasTyped() {
  const fields = [...form.querySelectorAll('input[type="text"]')];
  return choice?.checked === true || fields.some((field) => field.value !== '');
}
