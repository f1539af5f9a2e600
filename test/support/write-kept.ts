import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './child.ts';
import { keptPage } from './kept-page.ts';

/** `npm run kept`: writes docs/kept.md. */
writeFileSync(join(repository, 'docs/kept.md'), keptPage());
