// Counts a text of one's own while it is typed, by each platform's own rules: the server has them, and keeps nothing of it.
const PAUSE_MS = 300;

const own = document.querySelector('textarea[data-count]');
const choice = document.querySelector('input[name="wording"][value="own"]');
let timer = 0;
let asked = 0;

own?.addEventListener('input', () => {
  choice.checked = true;
  clearTimeout(timer);
  timer = setTimeout(count, PAUSE_MS);
});

async function count() {
  asked += 1;
  const mine = asked;
  const body = new URLSearchParams({ own: own.value, text_locale: own.lang });
  const answer = await fetch(own.dataset.count, { method: 'POST', body }).catch(() => null);
  // Somebody typed on, or the network is away: the next count tells.
  if (!answer?.ok || mine !== asked) return;
  const { lengths } = await answer.json();
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  for (const { platform, length, limit } of lengths) {
    const place = document.querySelector(`.own-lengths [data-length-on="${CSS.escape(platform)}"]`);
    if (!place) continue;
    const [label] = place.textContent.split(':');
    const words = place.dataset.lengthWords
      .replace('%1', numbers.format(length))
      .replace('%2', numbers.format(limit));
    place.textContent = `${label}: ${words}`;
    place.toggleAttribute('data-over', length > limit);
  }
}
