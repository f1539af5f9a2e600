// Changes the page over when the moment comes, and copies the text. Without it a reload does the one, and a hand the other.

function changeOver() {
  const before = document.querySelector('[data-before-part]');
  if (!before || before.hidden) return;
  before.hidden = true;
  for (const part of document.querySelectorAll('[data-now-part]')) part.hidden = false;
  document.title = before.dataset.titleNow;
  document.querySelector('main').dataset.state = 'now';
  const heading = document.querySelector('[data-now-part] h1');
  heading.tabIndex = -1;
  heading.focus();
}

// The countdown on this page goes by the server's clock, and says when it is over.
document.addEventListener('countdown-over', changeOver);
if (document.querySelector('[data-countdown][data-state="over"]')) changeOver();

/** Where the clipboard is out of reach, the text is marked so that one gesture copies it. */
async function copy(button) {
  const text = button.closest('figure').querySelector('.exact');
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text);
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.closest('[hidden]')?.removeAttribute('hidden');
  button.addEventListener('click', () => copy(button));
}
