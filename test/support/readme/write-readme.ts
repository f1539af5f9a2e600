import { writeFileSync } from 'node:fs';
import { README, renewedReadme } from './readme.ts';

/** `npm run readme`: puts the figures of docs/bench.md and docs/chaos*.md into README.md. */
writeFileSync(README, renewedReadme());
