# One image for every process: `docker-compose.yml` names the file in workers/ that a service runs.
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
USER node
ENTRYPOINT ["node"]
CMD ["src/cli/namesake.ts", "--help"]
