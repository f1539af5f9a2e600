/** Shields that want to see a browser before they let anybody in, by how they answer. */
export const CHALLENGES = [
  'none',
  'cloudflare',
  'cloudflare503',
  'aws',
  'vercel',
  'anubis',
] as const;
export type SimulatedChallenge = (typeof CHALLENGES)[number];
