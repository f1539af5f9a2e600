import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

/** One row as large as a pledge with its credential, one commit each: what this machine's database gives at the most. */
const [url = '', count = '0', connections = '1'] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: Number(connections) });
await pool.query('create table bare (id uuid primary key, hash bytea, body bytea, text text)');
const [body, text] = [randomBytes(490), 'x'.repeat(280)];

let left = Number(count);
const began = performance.now();
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (left-- > 0) {
      const row = [randomUUID(), randomBytes(32), body, text];
      await pool.query('insert into bare values ($1, $2, $3, $4)', row);
    }
  }),
);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
await pool.end();
