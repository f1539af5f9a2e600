import fastify from 'fastify';

/** Fastify and nothing else: a string as long as its address says. What it reaches is the most that this machine gives. */
const app = fastify();
const pages = new Map<string, string>();

app.get('/:length', async (request, reply) => {
  const { length } = request.params as { length: string };
  const page = pages.get(length) ?? 'x'.repeat(Number(length));
  pages.set(length, page);
  return reply.type('text/html; charset=utf-8').send(page);
});

console.log(`Bare pages is ready at ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
