// Says of each Nostr event whether its signature is its author's (BIP 340), by Bitcoin's library.
import { verifySchnorr } from 'tiny-secp256k1';

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const { events } = JSON.parse(process.argv[2]);
const verdicts = events.map(({ id, pubkey, sig }) =>
  verifySchnorr(bytes(id), bytes(pubkey), bytes(sig)),
);
console.log(JSON.stringify(verdicts));
