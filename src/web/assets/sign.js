// Lets a signer in this browser (NIP-07, window.nostr) sign the post. The key stays there. Without one the page asks for a paste.

const form = document.querySelector('form[data-sign]');
const area = form.querySelector('[data-sign-button]');
const failed = form.querySelector('[data-sign-failed]');
const byHand = form.querySelector('[data-sign-by-hand]');

/** Signers come into the page when they are ready, some after it. */
const LOOKS = 20;
const LOOK_MS = 150;

async function sign() {
  failed.hidden = true;
  try {
    const unsigned = JSON.parse(form.querySelector('#unsigned').value);
    const signed = await window.nostr.signEvent(unsigned);
    form.elements.code.value = JSON.stringify(signed);
    form.submit();
  } catch {
    // Said no, or closed the window: nothing has been sent.
    failed.hidden = false;
    byHand.open = true;
  }
}

function look(left) {
  if (window.nostr) {
    area.hidden = false;
    byHand.open = false;
    area.querySelector('button').addEventListener('click', sign);
  } else if (left > 0) setTimeout(look, LOOK_MS, left - 1);
}

look(LOOKS);
