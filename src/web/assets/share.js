// Copies a link or a piece of code. Where the clipboard is out of reach, it is marked so that one gesture copies it.
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copyShare);
    button.textContent = button.dataset.copied;
  } catch {
    const text = button.closest('[data-copy-from]')?.querySelector('[data-copy-text]');
    if (text) getSelection().selectAllChildren(text);
  }
}

for (const button of document.querySelectorAll('[data-copy-share]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}
