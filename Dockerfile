# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package of ours needs an install script.
RUN npm ci --omit=dev --ignore-scripts
COPY tsconfig.json ./
COPY config ./config
COPY src ./src
COPY workers ./workers
RUN npm run build && rm dist/demo.js dist/simulator.js
# What only builds, and what only compilers and debuggers read, stays behind.
RUN cd node_modules && rm -rf esbuild @esbuild typescript @typescript \
 && find . \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \) -delete

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# Secrets, and without DATABASE_URL the records too, live here: keep this volume.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
