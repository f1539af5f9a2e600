// `npm run build`, and npm's own `prepare` after `npm ci`.
import { build, DIST, isBuilt } from './build.mjs';

if (isBuilt()) console.log(`${DIST} is up to date.`);
else await build((line) => console.log(line));
