// Leaves at once: the way back does not lead here again. Without this script the link does the same, but for the way back.
for (const link of document.querySelectorAll('[data-exit]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(link.href);
  });
}
