// Finds the number that the page asks for, in a thread of its own, and sends the form. The number n is the one whose SHA-256 of
// salt, nonce and n begins as the page says (altcha, version 2). Written out here, since browsers hash by themselves only over
// https. Without it, or where it fails, the form can be sent by hand after a wait.

const K = constants(64, 3);
const START = constants(8, 2);

/** The first 32 bits of the fractions of the roots of the first primes: FIPS 180-4, 4.2.2 and 5.3.3. */
function constants(count, root) {
  const found = [];
  for (let n = 2; found.length < count; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (prime) found.push(Math.floor((n ** (1 / root) % 1) * 2 ** 32) | 0);
  }
  return Int32Array.from(found);
}

/** One block of SHA-256 into `out`; `w` has 64 words, the message in the first 16. */
function compress(w, out) {
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = START[0];
  let b = START[1];
  let c = START[2];
  let d = START[3];
  let e = START[4];
  let f = START[5];
  let g = START[6];
  let h = START[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  out[0] = (START[0] + a) | 0;
  out[1] = (START[1] + b) | 0;
  out[2] = (START[2] + c) | 0;
  out[3] = (START[3] + d) | 0;
  out[4] = (START[4] + e) | 0;
  out[5] = (START[5] + f) | 0;
  out[6] = (START[6] + g) | 0;
  out[7] = (START[7] + h) | 0;
}

/** Hexadecimal digits as 32-bit words. */
function words(hex) {
  return (hex.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 16) | 0);
}

/** What is sent for a challenge: the number and its hash. */
export function solve({ salt, nonce, keyPrefix }) {
  const wanted = words(keyPrefix);
  const message = [...words(salt), ...words(nonce)];
  const block = new Int32Array(64);
  const hash = new Int32Array(8);
  const at = message.length;
  block.set(message);
  block[at + 1] = 1 << 31;
  block[15] = (at + 1) * 32;
  for (let n = 0; n < 2 ** 32; n += 1) {
    block[at] = n | 0;
    compress(block, hash);
    if (hash[0] === wanted[0] && wanted.every((word, i) => word === hash[i])) {
      const hex = [...hash].map((word) => (word >>> 0).toString(16).padStart(8, '0'));
      return { counter: n, derivedKey: hex.join('') };
    }
  }
  return null;
}

/** In the page: has it solved, and sends the form. */
function begin(form) {
  const said = form.querySelector('[data-work-said]');
  const byHand = form.querySelector('[data-work-by-hand]');
  const show = (working) => {
    said.hidden = !working;
    byHand.hidden = working;
  };
  const challenge = JSON.parse(form.dataset.work);
  const worker = new Worker(form.dataset.workScript, { type: 'module' });
  worker.addEventListener('error', () => show(false));
  worker.addEventListener('message', ({ data: solution }) => {
    worker.terminate();
    if (!solution) return show(false);
    form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
    form.submit();
  });
  show(true);
  worker.postMessage(challenge.parameters);
}

if (typeof document === 'object') {
  for (const form of document.querySelectorAll('form[data-work]')) begin(form);
} else if (typeof self === 'object') {
  self.addEventListener('message', ({ data }) => self.postMessage(solve(data)));
}
