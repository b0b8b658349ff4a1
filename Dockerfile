# One image for every process: `docker-compose.yml` names the file in workers/ that a service runs.
# The page is built apart: Vite and React stay behind, its files come along.
FROM node:24-slim AS page
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src/web ./src/web
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
# Database and queue are services of their own here: no embedded PostgreSQL, no second Node, no development tools.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY migrations ./migrations
COPY workers ./workers
COPY src ./src
COPY --from=page /app/dist ./dist
USER node
ENTRYPOINT ["node"]
CMD ["src/cli/namesake.ts", "--help"]
