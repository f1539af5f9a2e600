// Lets a signer in this browser (NIP-07, window.nostr) sign the post. The key stays there. Without one the page asks for a paste.

const form = document.querySelector('form[data-sign]');
const area = form.querySelector('[data-sign-button]');
const failed = form.querySelector('[data-sign-failed]');
const byHand = form.querySelector('[data-sign-by-hand]');
const isKey = form.querySelector('[data-sign-key]');

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

/** As the server would refuse it: a private key stays in this browser, and not even in its field. src/platforms/nostr/pasted.ts. */
const SECRETS = [
  /\b(?:nsec|ncryptsec)1[02-9ac-hj-np-z]{20,}|"(?:nsec|sk|seckey|privkey|private_?key|secret_?key)"\s*:/i,
  /^[0-9a-f]{64}$/i,
  /^[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}$/,
];

form.addEventListener('submit', (event) => {
  const { code } = form.elements;
  const text = code.value.trim();
  isKey.hidden = !SECRETS.some((secret) => secret.test(text));
  if (isKey.hidden) return;
  event.preventDefault();
  code.value = '';
  code.focus();
});

function look(left) {
  if (window.nostr) {
    area.hidden = false;
    byHand.open = false;
    area.querySelector('button').addEventListener('click', sign);
  } else if (left > 0) setTimeout(look, LOOK_MS, left - 1);
}

look(LOOKS);
