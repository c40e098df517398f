# The service as an image: built in one stage, run in another by a user who may write nothing.
#   docker build -t lark-jsapi-signer .
# tests/process/image.test.ts builds it with podman, and runs the image.

# 20 is the oldest that works, and past its end of life; an internal mirror of the image goes here too.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
# Empty: npm's own.
ARG NPM_REGISTRY=
ENV npm_config_registry=${NPM_REGISTRY}
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package runs code of its own while it is installed.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY public ./public
COPY docs/errors.md ./docs/errors.md
COPY docs/errors.zh-CN.md ./docs/errors.zh-CN.md
RUN npm run build

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
# The built program holds its packages.
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/dist ./dist
COPY --from=build /app/public ./public
# A number, so that Kubernetes can see that it is not root; the image names it "node".
USER 1000
EXPOSE 3000
# The image has no curl. It asks at HOST; Linux takes 0.0.0.0 and :: for this machine.
# /healthz answers without BASE_PATH too.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "-e", "const { HOST = '', PORT } = process.env, host = HOST.replace(/[[\\]]/g, '') || 'localhost'; fetch(`http://${host.includes(':') ? `[${host}]` : host}:${PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
