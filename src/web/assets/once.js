// A form that is on its way is not sent again by a second click. After a while, or on coming back, it can be sent anew.
const PATIENCE_MS = 8_000;

for (const form of document.querySelectorAll('form[data-once]')) {
  let sentAt = Number.NEGATIVE_INFINITY;
  form.addEventListener('submit', (event) => {
    const now = performance.now();
    if (now - sentAt < PATIENCE_MS) event.preventDefault();
    else sentAt = now;
  });
  addEventListener('pageshow', () => {
    sentAt = Number.NEGATIVE_INFINITY;
  });
}
